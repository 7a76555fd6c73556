#include "src/matchsim/chance.h"

#include <cmath>
#include <numbers>

namespace gsh::matchsim {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

}  // namespace

std::uint64_t Mix(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
  return bits ^ (bits >> 31);
}

SeededRng::SeededRng(std::uint64_t seed, std::uint64_t subject, std::uint64_t index)
    : state_(Mix(Mix(Mix(seed + kGolden) + subject) + index)) {}

std::uint64_t SeededRng::Next() { return Mix(state_ += kGolden); }

double UniformAboveZero(Rng& rng) { return 1.0 - rng.NextDouble(); }

std::size_t UniformBelow(Rng& rng, std::size_t bound) {
  // Bounds are far below 2^32, so that the bias of the multiplication is below 2^-32.
  const std::uint64_t high = rng.Next() >> 32;
  return static_cast<std::size_t>((high * static_cast<std::uint64_t>(bound)) >> 32);
}

double Normal(Rng& rng) {  // Box and Muller
  const double radius = std::sqrt(-2 * std::log(UniformAboveZero(rng)));
  return radius * std::cos(2 * std::numbers::pi * rng.NextDouble());
}

double LogNormal(Rng& rng, double median, double sigma) {
  return median * std::exp(sigma * Normal(rng));
}

double Exponential(Rng& rng, double mean) { return -mean * std::log(UniformAboveZero(rng)); }

std::size_t Weighted(Rng& rng, std::span<const double> weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  double left = rng.NextDouble() * sum;
  std::size_t last = 0;  // that has a weight: rounding may leave a rest
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last = i;
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return last;
}

}  // namespace gsh::matchsim
