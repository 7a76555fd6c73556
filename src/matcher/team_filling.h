// TeamFilling: whether parties of given sizes fill all teams of a match exactly.
#ifndef GSH_SRC_MATCHER_TEAM_FILLING_H_
#define GSH_SRC_MATCHER_TEAM_FILLING_H_

#include <cstdint>
#include <vector>

#include "gsh/export.h"

namespace gsh::matcher {

// How many parties there are of each size, for each team that they must be on and for any.
class PartyCounts {
 public:
  // Parties of up to `team_size` players.
  PartyCounts(std::uint32_t teams, std::uint32_t team_size)
      : teams_(teams), row_(team_size + 1), counts_((std::size_t{teams} + 1) * row_, 0) {}

  std::uint32_t teams() const { return teams_; }
  std::uint32_t largest() const { return row_ - 1; }
  // Of a certain team, or any: teams().
  std::uint32_t& Of(std::uint32_t team, std::uint32_t size) {
    return counts_[std::size_t{team} * row_ + size];
  }
  std::uint32_t Of(std::uint32_t team, std::uint32_t size) const {
    return counts_[std::size_t{team} * row_ + size];
  }
  void Clear() { counts_.assign(counts_.size(), 0); }

 private:
  std::uint32_t teams_;
  std::uint32_t row_;
  std::vector<std::uint32_t> counts_;
};

// A team's places for parties of one size.
struct Places {
  std::uint32_t team = 0;
  std::uint32_t size = 0;
  std::uint32_t bound = 0;  // for parties that must be on this team
  std::uint32_t any = 0;    // for others
};

// The first filling in this order: teams from 0, in each the largest parties first and as many of
// them as there are, those bound to the team before others; the seed on the first team that it may
// be on and that leads to one. Exact up to kMaxSteps tries, after which it gives up: that takes
// many teams of many sizes and hardly any singles.
class GSH_EXPORT TeamFilling {
 public:
  static constexpr int kMaxSteps = 4096;

  explicit TeamFilling(std::uint32_t teams) : teams_(teams) {}

  // Whether every team can be filled with exactly `team_size` players with parties of `counts`,
  // which include the seed: a party of `seed_size` bound to `seed_team` (teams(): any). Then
  // places() says how; places of the seed are among them.
  bool Find(PartyCounts& counts, std::uint32_t team_size, std::uint32_t seed_size,
            std::uint32_t seed_team);
  const std::vector<Places>& places() const { return places_; }
  // Whether the last search ended for its number of steps.
  bool gave_up() const { return steps_ > max_steps_; }
  int steps() const { return steps_; }  // of the last search, without its first path
  // From 0, which only tries the first path, to kMaxSteps.
  void set_max_steps(int steps) { max_steps_ = steps; }
  // Whether Find would find one; without places.
  bool CanFill(PartyCounts& counts, std::uint32_t team_size, std::uint32_t seed_size,
               std::uint32_t seed_team) {
    steps_ = 0;
    if (!bound_ && FillsQuickly(counts, team_size, seed_size)) return true;
    return Find(counts, team_size, seed_size, seed_team);
  }
  // Whether one of the counts is of parties that are bound to a team. Asked for once, as it is
  // dear for many teams; false lets Find take all teams for alike.
  void set_bound(bool bound) { bound_ = bound; }

 private:
  bool FillsQuickly(const PartyCounts& counts, std::uint32_t team_size,
                    std::uint32_t seed_size) const;
  bool FillFrom(PartyCounts& counts, std::uint32_t team);
  bool FillTeam(PartyCounts& counts, std::uint32_t team, std::uint32_t left, std::uint32_t size);
  bool Greedy(PartyCounts& counts);
  void Take(PartyCounts& counts, std::uint32_t team, std::uint32_t size, std::uint32_t number);
  void PutBack(PartyCounts& counts);

  std::uint32_t teams_;
  bool bound_ = true;
  std::uint32_t team_size_ = 0;
  std::uint32_t seated_team_ = 0;  // where the seed is
  std::uint32_t seated_size_ = 0;
  int max_steps_ = kMaxSteps;
  int steps_ = 0;
  std::vector<Places> places_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_TEAM_FILLING_H_
