#include "src/matcher/rich_round.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <utility>

#include "src/matcher/cells.h"
#include "src/matcher/explain.h"
#include "src/matcher/first_choices.h"
#include "src/matcher/grid.h"
#include "src/matcher/line_matcher.h"
#include "src/matcher/next_choices.h"
#include "src/matcher/open_slots.h"
#include "src/matcher/openness.h"
#include "src/matcher/parallel.h"
#include "src/matcher/write_result.h"

namespace gsh::matcher {
namespace {

// One run; the steps in the order of docs/matcher.md.
class RichRound {
 public:
  RichRound(const Tickets& tickets, const Rules& rules, int threads)
      : tickets_(tickets),
        rules_(rules),
        threads_(std::clamp(threads, 1, 256)),
        grid_(rules),
        openness_(tickets, rules, grid_),
        groups_(tickets, rules),
        made_(1) {
    result_.reasons.assign(tickets.count, Unmatched::kMatched);
  }

  Result Run() {
    const bool open_slots = !tickets_.backfills.empty();
    if (open_slots && rules_.backfill_first) FillOpenSlots();
    MatchFirstChoices();
    GatherLeft();
    if (rules_.try_next_best_region && grid_.regions() > 1) {
      NextChoices(tickets_, rules_, grid_, openness_, groups_).Match(made_.front());
    }
    if (open_slots && !rules_.backfill_first) FillOpenSlots();
    for (const std::uint32_t ticket : made_.front().left) {
      result_.reasons[ticket] = Unmatched::kNotEnoughNeighbours;
    }
    WriteMatches(tickets_, openness_, made_, rules_.teams > 1, result_);
    ExplainUnmatched(tickets_, rules_, grid_, openness_, result_);
    return std::move(result_);
  }

 private:
  void FillOpenSlots() {
    std::vector<std::uint8_t> free(tickets_.count, rules_.backfill_first ? 1 : 0);
    Made& made = made_.front();
    if (!rules_.backfill_first) {
      for (const std::uint32_t ticket : made.left) free[ticket] = 1;
    }
    OpenSlots(tickets_, rules_, grid_, openness_, groups_).Fill(free, made);
    std::erase_if(made.left, [&free](std::uint32_t ticket) { return free[ticket] == 0; });
  }

  // Cells are matched independently of each other, by whichever thread comes to them.
  void MatchFirstChoices() {
    for (const std::uint32_t member : made_.front().members) {
      result_.reasons[member] = Unmatched::kNotEnoughNeighbours;  // not to be divided
    }
    const FirstChoices choices(tickets_, grid_, openness_, groups_, threads_, result_.reasons);
    for (const std::uint32_t member : made_.front().members) {
      result_.reasons[member] = Unmatched::kMatched;
    }
    const int workers = static_cast<int>(
        std::min(static_cast<std::size_t>(threads_), std::max<std::size_t>(choices.cells(), 1)));
    made_.resize(static_cast<std::size_t>(workers));
    // The largest first, so that no thread is left alone with one at the end.
    std::vector<std::size_t> order(choices.cells());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&choices](std::size_t a, std::size_t b) {
      return choices.words(a).size() > choices.words(b).size();
    });
    std::atomic<std::size_t> next = 0;
    InParallel(workers, [&](int worker) {
      LineMatcher matcher(tickets_, rules_, grid_);
      Made& made = made_[static_cast<std::size_t>(worker)];
      made.members.reserve(tickets_.count / made_.size());
      if (rules_.teams > 1) made.teams.reserve(tickets_.count / made_.size());
      for (std::size_t i = next++; i < order.size(); i = next++) {
        const std::size_t at = order[i];
        const Cell& cell = choices.cell(at);
        matcher.Match(cell.region, cell.band, choices.words(at), choices.scratch(at), made);
      }
    });
  }

  void GatherLeft() {
    Made& all = made_.front();
    for (std::size_t i = 1; i < made_.size(); ++i) {
      all.left.insert(all.left.end(), made_[i].left.begin(), made_[i].left.end());
      made_[i].left.clear();
    }
  }

  const Tickets& tickets_;
  const Rules& rules_;
  const int threads_;
  const Grid grid_;
  const Openness openness_;
  const AttributeGroups groups_;
  std::vector<Made> made_;  // by each thread
  Result result_;
};

}  // namespace

Result MatchRich(const Tickets& tickets, const Rules& rules, int threads) {
  return RichRound(tickets, rules, threads).Run();
}

}  // namespace gsh::matcher
