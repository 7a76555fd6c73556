#include "src/rpc/common/utf8.h"

#include <cstddef>

namespace gsh::rpc {
namespace {

// The sequences of RFC 3629 that begin with a byte: how long they are, and which second bytes they
// may have; the others are 80 to BF.
struct Form {
  std::size_t size = 0;  // 0: nothing begins so
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xbf;
};

Form FormOf(unsigned char first) {
  if (first < 0x80) return {.size = 1};
  if (first < 0xc2) return {};
  if (first < 0xe0) return {.size = 2};
  if (first == 0xe0) return {.size = 3, .second_min = 0xa0};
  if (first == 0xed) return {.size = 3, .second_max = 0x9f};
  if (first < 0xf0) return {.size = 3};
  if (first == 0xf0) return {.size = 4, .second_min = 0x90};
  if (first < 0xf4) return {.size = 4};
  if (first == 0xf4) return {.size = 4, .second_max = 0x8f};
  return {};
}

bool Within(char byte, unsigned char min, unsigned char max) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= min && value <= max;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const Form form = FormOf(static_cast<unsigned char>(text.front()));
    if (form.size == 0 || form.size > text.size()) return false;
    if (form.size > 1 && !Within(text[1], form.second_min, form.second_max)) return false;
    for (std::size_t i = 2; i < form.size; ++i) {
      if (!Within(text[i], 0x80, 0xbf)) return false;
    }
    text.remove_prefix(form.size);
  }
  return true;
}

}  // namespace gsh::rpc
