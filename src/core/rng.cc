#include "gsh/rng.h"

#include <mutex>
#include <random>

namespace gsh {
namespace {

class SeededOnce final : public Rng {
 public:
  SeededOnce() {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(),
                       device(), device(), device(), device()};
    engine_.seed(seed);
  }

  std::uint64_t Next() override {
    std::lock_guard lock(mutex_);
    return engine_();
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace

Rng& SystemRng() {
  static Rng& rng = *new SeededOnce;
  return rng;
}

std::string NewUuid(Rng& rng) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::uint64_t high = rng.Next();
  std::uint64_t low = rng.Next();
  high = (high & ~0xf000ULL) | 0x4000ULL;      // version 4
  low = (low & ~(3ULL << 62)) | (2ULL << 62);  // RFC 9562's variant
  std::string text;
  text.reserve(36);
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) text += '-';
    const std::uint64_t word = i < 16 ? high : low;
    text += kDigits[(word >> (60 - 4 * (i % 16))) & 0xf];
  }
  return text;
}

}  // namespace gsh
