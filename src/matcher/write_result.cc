#include "src/matcher/write_result.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "src/matcher/groups.h"
#include "src/matcher/radix_sort.h"
#include "src/matcher/word_buffer.h"

namespace gsh::matcher {
namespace {

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
  ByStanding(const Tickets& tickets, const Openness& openness, const Made& made)
      : tickets_(tickets), openness_(openness), made_(made) {}

  // By the upper half of the score's bits, which order as scores do; then wholly where those are
  // equal.
  template <typename Write>
  void InOrder(const Write& write) const {
    const std::size_t count = made_.matches.size();
    const WordBuffer words(2 * count);
    for (std::size_t i = 0; i < count; ++i) {
      words.data()[i] = UpperHalf(made_.matches[i]) << 32 | i;
    }
    std::uint64_t* const sorted = RadixSort(words.data(), words.data() + count, count, 32, 32);
    for (std::size_t i = 0; i < count;) {
      std::size_t end = i + 1;
      while (end < count && sorted[end] >> 32 == sorted[i] >> 32) ++end;
      if (end > i + 1) OrderRun(sorted + i, sorted + end);
      for (; i < end; ++i) write(made_.matches[static_cast<std::uint32_t>(sorted[i])]);
    }
  }

 private:
  static std::uint64_t UpperHalf(const Match& match) {
    return 0xffffffff - (std::bit_cast<std::uint64_t>(match.score) >> 32);
  }
  Standing StandingOf(std::uint64_t word) const {
    const Match& match = made_.matches[static_cast<std::uint32_t>(word)];
    const std::uint32_t first = made_.members[match.first_member];
    return {.score = match.score,
            .region = match.region,
            .first_latency_ms = openness_.Latency(first, match.region),
            .first_ticket = first};
  }
  void OrderRun(std::uint64_t* begin, std::uint64_t* end) const {
    std::sort(begin, end, [this](std::uint64_t a, std::uint64_t b) {
      return Before(StandingOf(a), StandingOf(b), tickets_);
    });
  }

  const Tickets& tickets_;
  const Openness& openness_;
  const Made& made_;
};

// Into the first one.
void Gather(std::vector<Made>& made) {
  Made& all = made.front();
  for (std::size_t i = 1; i < made.size(); ++i) {
    const auto before = static_cast<std::uint32_t>(all.members.size());
    for (Match& match : made[i].matches) match.first_member += before;
    all.matches.insert(all.matches.end(), made[i].matches.begin(), made[i].matches.end());
    all.members.insert(all.members.end(), made[i].members.begin(), made[i].members.end());
    all.teams.insert(all.teams.end(), made[i].teams.begin(), made[i].teams.end());
    made[i] = {};
  }
}

}  // namespace

void WriteMatches(const Tickets& tickets, const Openness& openness, std::vector<Made>& made,
                  bool teams, Result& result) {
  Gather(made);
  const Made& all = made.front();
  result.matches.resize(all.matches.size());
  result.members.resize(all.members.size());
  if (teams) result.teams.resize(all.members.size());
  Match* match = result.matches.data();
  std::uint32_t first = 0;
  ByStanding(tickets, openness, all).InOrder([&](const Match& from) {
    CopyFew(all.members.data() + from.first_member, from.size, result.members.data() + first);
    if (teams) {
      CopyFew(all.teams.data() + from.first_member, from.size, result.teams.data() + first);
    }
    *match = from;
    match->first_member = first;
    first += from.size;
    ++match;
  });
  made.clear();
}

}  // namespace gsh::matcher
