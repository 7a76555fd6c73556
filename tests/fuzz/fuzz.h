// What the fuzz targets share. Each target is one file with
// `int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)`: libFuzzer drives it in the preset
// `fuzz`, replay.cc in every other build.
#ifndef GSH_TESTS_FUZZ_FUZZ_H_
#define GSH_TESTS_FUZZ_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace gsh::fuzz {

// Ends the process if a promise does not hold: that is what a fuzzer reports.
inline void Require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

inline std::string_view TextOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Takes values off an input; zeros when it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(TextOf(data, size)) {}

  bool empty() const { return rest_.empty(); }
  std::string_view Rest() const { return rest_; }

  // Any bit pattern, so also NaN and infinities.
  template <typename T>
  T Take() {
    T value{};
    const std::size_t bytes = rest_.size() < sizeof(T) ? rest_.size() : sizeof(T);
    if (bytes > 0) std::memcpy(&value, rest_.data(), bytes);
    rest_.remove_prefix(bytes);
    return value;
  }

  // In [0, below).
  std::size_t TakeBelow(std::size_t below) { return Take<std::uint8_t>() % below; }

  // Up to the next zero byte, or the end.
  std::string TakeWord() {
    const std::size_t end = rest_.find('\0');
    const std::string word(rest_.substr(0, end));
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return word;
  }

 private:
  std::string_view rest_;
};

}  // namespace gsh::fuzz

#endif  // GSH_TESTS_FUZZ_FUZZ_H_
