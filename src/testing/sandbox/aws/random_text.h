// Ids and secrets that nobody guesses twice.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_RANDOM_TEXT_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_RANDOM_TEXT_H_

#include <string>
#include <string_view>

#include "gsh/rng.h"

namespace gsh::testing::aws {

inline std::string RandomOf(Rng& rng, std::string_view letters, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += letters[rng.Next() % letters.size()];
  return text;
}

inline std::string RandomText(Rng& rng, std::size_t size) {
  return RandomOf(rng, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", size);
}

inline std::string RandomUpper(Rng& rng, std::size_t size) {
  return RandomOf(rng, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", size);
}

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_RANDOM_TEXT_H_
