// Mistakes: what is wrong with options or input, all of it at once.
#ifndef GSH_SRC_CORE_MISTAKES_H_
#define GSH_SRC_CORE_MISTAKES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "gsh/status.h"

namespace gsh::internal {

class Mistakes {
 public:
  // `subject` is whose mistakes they are.
  explicit Mistakes(std::string subject = {}) : subject_(std::move(subject)) {}

  void Add(std::string_view mistake) {
    if (++count_ > kNamed) return;
    text_ += (text_.empty() ? "" : "; ") + std::string(mistake);
  }
  void Check(bool fine, std::string_view mistake) {
    if (!fine) Add(mistake);
  }
  void Add(const Status& status) { Check(status.ok(), status.message()); }

  Status ToStatus() const {
    if (count_ == 0) return OkStatus();
    std::string text = subject_.empty() ? text_ : subject_ + ": " + text_;
    if (count_ > kNamed) text += "; and " + std::to_string(count_ - kNamed) + " more";
    return InvalidArgumentError(std::move(text));
  }

 private:
  static constexpr std::size_t kNamed = 16;  // of thousands that hostile input may have

  std::string subject_;
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_MISTAKES_H_
