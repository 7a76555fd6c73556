#include "src/testing/sandbox/open_match/xid.h"

#include <chrono>

namespace gsh::sandbox {
namespace {

constexpr char kAlphabet[] = "0123456789abcdefghijklmnopqrstuv";

std::string Base32Hex(const std::array<std::uint8_t, 12>& bytes) {
  std::string text;
  text.reserve(20);
  std::uint32_t bits = 0;
  int held = 0;
  for (const std::uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    for (held += 8; held >= 5; held -= 5) text += kAlphabet[bits >> (held - 5) & 31];
  }
  text += kAlphabet[bits << (5 - held) & 31];  // 96 bits leave one over
  return text;
}

}  // namespace

XidGenerator::XidGenerator(Clock& clock, Rng& rng) : clock_(clock) {
  const std::uint64_t chance = rng.Next();
  for (std::size_t i = 0; i < process_.size(); ++i) {
    process_[i] = static_cast<std::uint8_t>(chance >> (8 * i));
  }
  // In the lower half, so that ids of one second do not wrap around in any test.
  counter_ = static_cast<std::uint32_t>(chance >> 41);
}

std::string XidGenerator::Next() {
  const auto seconds = static_cast<std::uint32_t>(
      std::chrono::floor<std::chrono::seconds>(clock_.Now()).time_since_epoch().count());
  const std::uint32_t count = counter_.fetch_add(1, std::memory_order_relaxed);
  const auto byte = [](std::uint32_t value, int shift) {
    return static_cast<std::uint8_t>(value >> shift);
  };
  return Base32Hex({byte(seconds, 24), byte(seconds, 16), byte(seconds, 8), byte(seconds, 0),
                    process_[0], process_[1], process_[2], process_[3], process_[4],
                    byte(count, 16), byte(count, 8), byte(count, 0)});
}

}  // namespace gsh::sandbox
