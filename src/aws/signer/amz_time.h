// Times as SigV4 writes them: "20150830T123600Z".
#ifndef GSH_SRC_AWS_SIGNER_AMZ_TIME_H_
#define GSH_SRC_AWS_SIGNER_AMZ_TIME_H_

#include <array>
#include <optional>
#include <string_view>

#include "gsh/clock.h"

namespace gsh::aws {

class AmzTime {
 public:
  // Whole seconds, in UTC. Empty outside the years 1 to 9999, which have no such text.
  static std::optional<AmzTime> From(WallTime time);

  std::string_view text() const { return {text_.data(), text_.size()}; }  // "20150830T123600Z"
  std::string_view date() const { return text().substr(0, 8); }           // "20150830"

 private:
  std::array<char, 16> text_{};
};

// Empty for whatever is no such time, or is outside WallTime's years (1677 to 2262).
std::optional<WallTime> ParseAmzTime(std::string_view text);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_AMZ_TIME_H_
