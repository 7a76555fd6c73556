#ifndef GSH_SRC_MATCHER_MISTAKES_H_
#define GSH_SRC_MATCHER_MISTAKES_H_

#include <string>

#include "gsh/status.h"

namespace gsh::matcher {

// Collects mistakes, so that all are named at once.
class Mistakes {
 public:
  void Add(const std::string& mistake) { text_ += (text_.empty() ? "" : "; ") + mistake; }
  Status ToStatus() const { return text_.empty() ? OkStatus() : InvalidArgumentError(text_); }

 private:
  std::string text_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_MISTAKES_H_
