// Rng: chance, injected so that tests are the same each time.
#ifndef GSH_RNG_H_
#define GSH_RNG_H_

#include <cstdint>
#include <string>

#include "gsh/export.h"

namespace gsh {

// May be called from several threads at once.
class GSH_EXPORT Rng {
 public:
  virtual ~Rng() = default;
  // 64 uniform bits.
  virtual std::uint64_t Next() = 0;

  // Uniform in [0, 1).
  double NextDouble() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
};

// Seeded from the operating system.
GSH_EXPORT Rng& SystemRng();

// A random (version 4) UUID in lower-case text, RFC 9562.
GSH_EXPORT std::string NewUuid(Rng& rng);

}  // namespace gsh

#endif  // GSH_RNG_H_
