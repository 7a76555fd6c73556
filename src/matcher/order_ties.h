#ifndef GSH_SRC_MATCHER_ORDER_TIES_H_
#define GSH_SRC_MATCHER_ORDER_TIES_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace gsh::matcher {

// Words hold a ticket's index in their lowest `index_bits` (at most 32) and are sorted by the rest,
// ties by index: orders ties by the tickets' keys, and by index only where keys are equal. Uses
// `scratch`, as long as `words`.
void OrderTiesByKey(std::uint64_t* words, std::uint64_t* scratch, std::size_t count,
                    unsigned index_bits, std::span<const std::uint64_t> keys);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_ORDER_TIES_H_
