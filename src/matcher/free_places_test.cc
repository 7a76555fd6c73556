#include "src/matcher/free_places.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace gsh::matcher {
namespace {

TEST(FreePlaces, FindsTheNextOneOnEitherSide) {
  std::mt19937_64 rng(1);
  for (const std::uint32_t count : {0u, 1u, 63u, 64u, 65u, 4096u, 4097u, 300'000u}) {
    FreePlaces places;
    places.Reset(count);
    std::set<std::uint32_t> free;
    for (std::uint32_t i = 0; i < count; ++i) free.insert(i);
    for (std::uint32_t step = 0; step < 2 * count && step < 400'000; ++step) {
      const auto place = static_cast<std::uint32_t>(rng() % count);
      if (rng() % 4 == 0) {
        places.PutBack(place);
        free.insert(place);
      } else {
        places.Take(place);
        free.erase(place);
      }
      const auto asked = static_cast<std::uint32_t>(rng() % count);
      ASSERT_EQ(places.IsFree(asked), free.contains(asked));
      const auto above = free.upper_bound(asked);
      ASSERT_EQ(places.Next(asked), above == free.end() ? FreePlaces::kNone : *above);
      const auto from = free.lower_bound(asked);
      ASSERT_EQ(places.Previous(asked),
                from == free.begin() ? FreePlaces::kNone : *std::prev(from));
    }
  }
}

}  // namespace
}  // namespace gsh::matcher
