// Chance that is the same for the same seed on every machine. The standard library's distributions
// are not: each implementation draws its own numbers.
#ifndef GSH_SRC_MATCHSIM_CHANCE_H_
#define GSH_SRC_MATCHSIM_CHANCE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "gsh/rng.h"

namespace gsh::matchsim {

// SplitMix64's output function (Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014): 64 bits in, 64 well mixed bits out, no two inputs with the same.
std::uint64_t Mix(std::uint64_t bits);

// SplitMix64.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed) : state_(seed) {}
  // The numbers of one subject and one index, whatever else is drawn: a further region must not
  // change the players' places.
  SeededRng(std::uint64_t seed, std::uint64_t subject, std::uint64_t index = 0);

  std::uint64_t Next() override;

 private:
  std::uint64_t state_;
};

// Uniform in (0, 1].
double UniformAboveZero(Rng& rng);
// Uniform in [0, bound); bound from 1.
std::size_t UniformBelow(Rng& rng, std::size_t bound);
// Mean 0, deviation 1; at most about 8.6 away from 0.
double Normal(Rng& rng);
// Its median is `median`; its logarithm deviates by `sigma`.
double LogNormal(Rng& rng, double median, double sigma);
// With this mean.
double Exponential(Rng& rng, double mean);
// An index, as likely as its weight; weights from 0, with a sum above 0.
std::size_t Weighted(Rng& rng, std::span<const double> weights);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_CHANCE_H_
