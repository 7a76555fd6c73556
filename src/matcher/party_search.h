// PartySearch: Neighbours' search for parties of any sizes, on any teams, however far apart those
// are that fit together.
#ifndef GSH_SRC_MATCHER_PARTY_SEARCH_H_
#define GSH_SRC_MATCHER_PARTY_SEARCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/matcher/line.h"
#include "src/matcher/team_filling.h"

namespace gsh::matcher {

// Goes from one ticket that may be needed to the next, with the line's KindIndex. Stretches that
// hold no more of each kind than one that cannot be filled are not tried again.
class PartySearch {
 public:
  // `line` must outlive this and may change between searches; `bound`: some parties must be on a
  // certain team.
  PartySearch(Line& line, std::uint32_t teams, std::uint32_t team_size, bool oldest_first,
              bool bound);

  // A new line of so many tickets, with its index built.
  void Begin(std::size_t tickets);
  // As Neighbours::Find.
  bool Find(std::uint32_t seed, std::uint32_t team_size, float bound_ms,
            std::vector<std::uint32_t>& members, std::vector<Places>& places);
  float spread_ms() const { return spread_ms_; }
  // As Neighbours::players_in_reach.
  std::uint32_t players() const { return players_; }

 private:
  static constexpr std::uint32_t kNone = KindIndex::kNone;

  struct Near {
    std::uint32_t place;
    std::uint32_t kind;
  };
  // The next ticket of a kind on one side of the seed, and how many more may be needed.
  struct Cursor {
    std::uint32_t kind;
    std::uint32_t number;  // in its kind
    std::uint32_t place;
    std::uint32_t more;
  };
  struct Failure {
    bool IsOf(const PartySearch& search) const;  // of its seed's kind and team size

    std::uint32_t team_size = 0;
    std::uint32_t seed_kind = 0;
    std::vector<std::uint32_t> counts = {};  // by kind
  };

  void PutCursors(std::vector<Cursor>& cursors, bool right);
  // Takes the nearest of the cursors' tickets, if its latency is not beyond the limit.
  template <typename Within>
  bool Advance(std::vector<Cursor>& cursors, bool right, const Within& within, Near& near);
  void Add(std::uint32_t kind);
  void Remove(std::uint32_t kind);
  bool LacksRests();
  bool Fills();
  // The same for a stretch that grows, which need not be asked at every ticket.
  bool FillsNow();
  bool HasFailed(const std::vector<std::uint32_t>& number) const;
  std::uint32_t CountMost(float bound_ms);
  void Remember();
  void ExtendRight(float bound_ms);
  void DropNeedlessRights();
  void Keep();
  void Choose(std::vector<std::uint32_t>& members, std::vector<Places>& places);
  std::uint32_t KindOf(std::uint32_t place) const;
  float Latency(std::uint32_t place) const { return line_.tickets[place].latency_ms; }
  std::uint32_t Row() const { return line_.kinds[seed_kind_].row; }

  Line& line_;
  const std::uint32_t teams_;
  const bool oldest_first_;
  PartyCounts counts_;                  // of the stretch; zero between searches
  std::vector<std::uint32_t> number_;   // the same by kind
  std::vector<std::uint8_t> has_rest_;  // by team
  TeamFilling filling_;
  std::array<Failure, 8> failures_;
  std::size_t next_failure_ = 0;
  std::int64_t steps_left_ = 0;  // of fillings in this line
  // The search at hand.
  std::uint32_t seed_ = 0;
  std::uint32_t seed_kind_ = 0;
  std::uint32_t team_size_ = 0;
  std::uint32_t needed_ = 0;         // players
  std::uint32_t players_ = 0;        // in the stretch
  std::uint32_t patience_ = 0;       // tickets that are to come before fillings are tried again
  bool gave_up_ = false;             // the last filling
  std::uint32_t tries_ = 0;          // of fillings that were given up
  std::vector<std::uint32_t> most_;  // by kind: that may be within the bound
  std::vector<Cursor> left_cursors_;
  std::vector<Cursor> right_cursors_;
  std::vector<Near> lefts_;   // from the seed downwards, without it
  std::vector<Near> rights_;  // from the seed upwards, without it
  struct {
    std::uint32_t first, last;          // places
    std::vector<std::uint32_t> number;  // by kind
  } best_ = {};
  float spread_ms_ = 0;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_PARTY_SEARCH_H_
