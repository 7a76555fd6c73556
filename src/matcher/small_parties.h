// SmallParties: Neighbours' search for the usual case, small teams of parties that any team takes.
#ifndef GSH_SRC_MATCHER_SMALL_PARTIES_H_
#define GSH_SRC_MATCHER_SMALL_PARTIES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "src/matcher/line.h"
#include "src/matcher/packed_parties.h"
#include "src/matcher/team_filling.h"

namespace gsh::matcher {

class SmallParties {
 public:
  // Up to kMostPlayers, in teams of up to PackedParties::kLargest.
  static constexpr std::uint32_t kMostPlayers = 60;

  // `line` must outlive this and may change between searches.
  SmallParties(const Line& line, std::uint32_t teams, std::uint32_t team_size, bool oldest_first);

  // A new line.
  void Begin() { steps_ = 0; }
  // As Neighbours::Find; puts the members and, for several teams, their places there.
  bool Find(std::uint32_t seed, std::uint32_t team_size, float bound_ms,
            std::vector<std::uint32_t>& members, std::vector<Places>& places);
  float spread_ms() const { return spread_ms_; }
  std::uint32_t players() const { return players_; }  // in reach, if none was found
  // How many tickets searches have come by in this line, and what else took as long.
  std::uint64_t steps() const { return steps_; }

 private:
  // A ticket near the seed.
  struct Near {
    std::uint32_t place;
    float latency_ms;
    std::uint32_t players;
  };
  // More of one size than fill the match are never needed: at most 60 + 60/2 + ... + 60/8, and the
  // seed.
  using Side = std::array<Near, 192>;

  void BeginSearch(std::uint32_t seed, std::uint32_t team_size);
  void ExtendRight(float bound_ms);
  // The next one to the left that can be of use; false: there is none.
  bool ExtendLeft(float narrower_than_ms, float bound_ms);
  void DropRight();
  void DropFarRights(float narrower_than_ms);
  // From the right as long as the rest fills the match.
  void DropNeedlessRights();
  bool Useful(std::uint32_t players, const PackedParties& side) const {
    return players <= largest_ && side.Of(players) < most_of_[players];
  }
  bool Fills();
  bool FillsByTrying(std::vector<Places>* places);
  void Choose(std::vector<std::uint32_t>& members, const std::vector<Places>& places);

  const Line& line_;
  const std::uint32_t teams_;
  const bool oldest_first_;
  PartyCounts counts_;  // zero but while trying
  TeamFilling filling_;
  // The search at hand: the stretch is lefts_[0, left_count_) and rights_[0, right_count_), each
  // from the seed outwards and with it.
  std::uint32_t team_size_ = 0;
  std::uint32_t needed_ = 0;   // players
  std::uint32_t largest_ = 0;  // party beside the seed that can be of use
  std::array<std::uint32_t, PackedParties::kLargest + 1> most_of_ = {};  // that can be, of a size
  Side lefts_;
  Side rights_;
  std::uint32_t left_count_ = 0;
  std::uint32_t right_count_ = 0;
  PackedParties parties_;
  PackedParties left_parties_;  // without the seed
  PackedParties right_parties_;
  std::uint32_t players_ = 0;
  std::vector<std::uint32_t> by_turn_;
  float spread_ms_ = 0;
  std::uint64_t steps_ = 0;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_SMALL_PARTIES_H_
