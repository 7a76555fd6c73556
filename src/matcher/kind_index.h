// KindIndex: the free tickets of a line by kind, so that a search passes over those it has no use
// for.
#ifndef GSH_SRC_MATCHER_KIND_INDEX_H_
#define GSH_SRC_MATCHER_KIND_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace gsh::matcher {

struct Line;

// A kind is the tickets of one party size and team. Of each there is a tournament: a tree whose
// nodes hold the free ticket below them whose turn is first. It answers who is the next one on
// either side, and whose turn is first in a stretch, in a number of steps that grows with the
// logarithm of the line's length.
class KindIndex {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  struct Kind {
    std::uint32_t row = 0;  // as in PartyCounts: the team; the number of teams: any
    std::uint32_t size = 0;
    std::vector<std::uint32_t> places = {};  // rising
    std::vector<float> waits_s = {};         // of those; empty: turns are in order of places
    std::vector<std::uint32_t> tree = {};    // numbers in `places`; the root is 1
  };

  // Of the tickets of `line` that are free now and not larger than `team_size`.
  void Build(const Line& line, std::size_t tickets, std::uint32_t teams, std::uint32_t team_size,
             bool oldest_first);
  void Clear() { built_ = false; }
  bool built() const { return built_; }

  std::size_t size() const { return kinds_.size(); }
  const Kind& operator[](std::size_t kind) const { return kinds_[kind]; }
  // kNone: no such kind.
  std::uint32_t KindOf(std::uint32_t row, std::uint32_t size) const {
    return kind_of_[std::size_t{row} * (team_size_ + 1) + size];
  }

  void Take(std::uint32_t kind, std::uint32_t place) { Set(kinds_[kind], place, false); }
  void PutBack(std::uint32_t kind, std::uint32_t place) { Set(kinds_[kind], place, true); }

  // The first free one of a kind from its number `from` on, or the last one before it; kNone: there
  // is none.
  std::uint32_t FirstFrom(std::uint32_t kind, std::size_t from) const;
  std::uint32_t LastBefore(std::uint32_t kind, std::size_t before) const;
  // How many of a kind, free or not, are before a place of the line.
  std::size_t CountBefore(std::uint32_t kind, std::uint32_t place) const;

  // Adds to `places` the `count` free ones of a kind whose turns are first, out of those from place
  // `first` to `last`, or all if there are fewer.
  void FirstTurns(std::uint32_t kind, std::uint32_t first, std::uint32_t last, std::uint32_t count,
                  std::vector<std::uint32_t>& places);

 private:
  static std::uint32_t Earlier(const Kind& kind, std::uint32_t a, std::uint32_t b);
  static void Set(Kind& kind, std::uint32_t place, bool free);
  static void SetNumber(Kind& kind, std::size_t number, bool free);

  bool built_ = false;
  std::uint32_t team_size_ = 0;
  std::vector<Kind> kinds_;
  std::vector<std::uint32_t> kind_of_;  // by row and size
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_KIND_INDEX_H_
