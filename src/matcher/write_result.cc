#include "src/matcher/write_result.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "src/matcher/groups.h"
#include "src/matcher/radix_sort.h"
#include "src/matcher/word_buffer.h"

namespace gsh::matcher {
namespace {

// Where a match is: whose, and which of them.
struct Place {
  const Made* made;
  const Match* match;
};

// A handful usually, for which a call of memmove would cost more than the copy.
template <typename T>
void CopyFew(const T* from, std::uint32_t count, T* to) {
  if (count > 64) {
    std::copy_n(from, count, to);
    return;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    to[i] = from[i];
    asm volatile("");  // or the compiler makes a call of it
  }
}

class ByStanding {
 public:
  ByStanding(const Tickets& tickets, const Openness& openness, const std::vector<Made>& made)
      : tickets_(tickets), openness_(openness) {
    std::size_t count = 0;
    for (const Made& one : made) count += one.matches.size();
    places_.reserve(count);
    for (const Made& one : made) {
      for (const Match& match : one.matches) places_.push_back({&one, &match});
    }
  }

  // By the upper half of the score's bits, which order as scores do; then wholly where those are
  // equal.
  template <typename Write>
  void InOrder(const Write& write) {
    const WordBuffer words(2 * places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      words.data()[i] = UpperHalf(places_[i]) << 32 | i;
    }
    std::uint64_t* const sorted =
        RadixSort(words.data(), words.data() + places_.size(), places_.size(), 32, 32);
    for (std::size_t i = 0; i < places_.size();) {
      std::size_t end = i + 1;
      while (end < places_.size() && sorted[end] >> 32 == sorted[i] >> 32) ++end;
      if (end > i + 1) OrderRun(sorted + i, sorted + end);
      for (; i < end; ++i) write(places_[static_cast<std::uint32_t>(sorted[i])]);
    }
  }

 private:
  static std::uint64_t UpperHalf(const Place& place) {
    return 0xffffffff - (std::bit_cast<std::uint64_t>(place.match->score) >> 32);
  }
  Standing StandingOf(const Place& place) const {
    const std::uint32_t first = place.made->members[place.match->first_member];
    return {.score = place.match->score,
            .region = place.match->region,
            .first_latency_ms = openness_.Latency(first, place.match->region),
            .first_ticket = first};
  }
  void OrderRun(std::uint64_t* begin, std::uint64_t* end) const {
    std::sort(begin, end, [this](std::uint64_t a, std::uint64_t b) {
      return Before(StandingOf(places_[static_cast<std::uint32_t>(a)]),
                    StandingOf(places_[static_cast<std::uint32_t>(b)]), tickets_);
    });
  }

  const Tickets& tickets_;
  const Openness& openness_;
  std::vector<Place> places_;
};

}  // namespace

void WriteMatches(const Tickets& tickets, const Openness& openness, std::vector<Made>& made,
                  bool teams, Result& result) {
  std::size_t matches = 0;
  std::size_t members = 0;
  for (const Made& one : made) {
    matches += one.matches.size();
    members += one.members.size();
  }
  result.matches.resize(matches);
  result.members.resize(members);
  if (teams) result.teams.resize(members);
  Match* match = result.matches.data();
  std::uint32_t first = 0;
  ByStanding(tickets, openness, made).InOrder([&](const Place& place) {
    const Match& from = *place.match;
    CopyFew(place.made->members.data() + from.first_member, from.size,
            result.members.data() + first);
    if (teams) {
      CopyFew(place.made->teams.data() + from.first_member, from.size, result.teams.data() + first);
    }
    *match = from;
    match->first_member = first;
    first += from.size;
    ++match;
  });
  made.clear();
}

}  // namespace gsh::matcher
