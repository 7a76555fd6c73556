// Sets of bytes, known when compiled: a request has a thousand characters to look at.
#ifndef GSH_SRC_AWS_SIGNER_CHAR_SET_H_
#define GSH_SRC_AWS_SIGNER_CHAR_SET_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace gsh::aws {

class CharSet {
 public:
  template <typename Predicate>
  explicit consteval CharSet(Predicate has) {
    for (std::size_t c = 0; c < has_.size(); ++c) has_[c] = has(static_cast<char>(c));
  }

  constexpr bool Has(char c) const { return has_[static_cast<unsigned char>(c)]; }
  constexpr bool HasAll(std::string_view text) const {
    return std::ranges::all_of(text, [this](char c) { return Has(c); });
  }

 private:
  std::array<bool, 256> has_{};
};

constexpr bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

// Neither a space nor a control character, and ASCII; 16 bytes a step, as session tokens are long.
constexpr bool IsPrintable(std::string_view text) {
  constexpr std::size_t kStep = 16;
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c - '!') > '~' - '!'; };
  while (text.size() >= kStep) {
    unsigned char bad = 0;
    for (std::size_t i = 0; i < kStep; ++i) bad |= static_cast<unsigned char>(is_bad(text[i]));
    if (bad != 0) return false;
    text.remove_prefix(kStep);
  }
  return std::ranges::none_of(text, is_bad);
}

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_CHAR_SET_H_
