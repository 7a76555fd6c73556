// What rules from outside may ask for at most.
#ifndef GSH_SRC_MATCHER_LIMITS_H_
#define GSH_SRC_MATCHER_LIMITS_H_

#include <cstddef>

namespace gsh::matcher {

inline constexpr std::size_t kMaxRegions = 256;
inline constexpr std::size_t kMaxBands = 1024;
inline constexpr int kMaxMatchSize = 10'000;
inline constexpr std::size_t kMaxWideningSteps = 64;
inline constexpr std::size_t kMaxEqualAttributes = 32;
inline constexpr std::size_t kMaxRulesJson = 1 << 20;  // bytes
inline constexpr int kMaxRulesDepth = 16;

// The exchange looks at so many matched tickets of a region and band, whole matches of them: those
// of the worst matches, which may lend their tickets to others. Nobody changes places where there
// are more regions and bands than that, since all pairs of them are looked at, or after so many
// searches for a chain.
inline constexpr std::size_t kMaxExchangeTickets = 64;
inline constexpr std::size_t kMaxExchangeCells = 64;
inline constexpr int kMaxExchangeSearches = 1024;

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_LIMITS_H_
