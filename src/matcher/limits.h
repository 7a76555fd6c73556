// What rules from outside may ask for at most.
#ifndef GSH_SRC_MATCHER_LIMITS_H_
#define GSH_SRC_MATCHER_LIMITS_H_

#include <algorithm>
#include <cstddef>

namespace gsh::matcher {

inline constexpr std::size_t kMaxRegions = 256;
inline constexpr std::size_t kMaxBands = 1024;
inline constexpr int kMaxMatchSize = 10'000;
inline constexpr std::size_t kMaxWideningSteps = 64;
inline constexpr std::size_t kMaxEqualAttributes = 32;
inline constexpr std::size_t kMaxRulesJson = 1 << 20;  // bytes
inline constexpr int kMaxRulesDepth = 16;

// So many of the worst matches of a region and band may lend their tickets to others: those of 64
// tickets, since all are looked at. Nobody changes places where there are more regions and bands
// than that, since all pairs of them are looked at too.
inline constexpr std::size_t ExchangeMatches(std::size_t match_size) {
  return std::max<std::size_t>(64 / match_size, 1);
}
inline constexpr std::size_t kMaxExchangeCells = 256;

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_LIMITS_H_
