// ProfileRun: one run over one profile's tickets, from columns to proposals.
#ifndef GSH_SRC_MMF_PROFILE_RUN_H_
#define GSH_SRC_MMF_PROFILE_RUN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/matcher/matcher.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/openmatch/types.h"
#include "src/mmf/columns.h"
#include "src/mmf/running_matches.h"

namespace gsh::mmf {

// What it is made from must outlive it.
class GSH_EXPORT ProfileRun {
 public:
  ProfileRun(const LatencyMatchFunctionOptions& options, const openmatch::MatchProfile& profile,
             const matcher::Rules& rules, const RunningMatches& running, const Columns& columns);

  // Matches, counts, and reports to options.on_run.
  Status Match();

  std::size_t size() const { return result_.matches.size(); }
  // Indices of the tickets in the columns.
  std::span<const std::uint32_t> Members(std::size_t match) const {
    const matcher::Match& found = result_.matches[match];
    return std::span(result_.members).subspan(found.first_member, found.size);
  }
  // Without its tickets.
  openmatch::Match Proposal(std::size_t match) const;

 private:
  void NameMatches();
  double MeanLatency(std::size_t match) const;  // over players, in ms
  std::size_t TeamOf(std::size_t match, std::size_t member) const;
  std::string TeamsJson(std::size_t match) const;
  openmatch::Backfill JoinedBackfill(std::size_t match) const;
  std::vector<Joining> JoiningOf(std::size_t match) const;
  // The rules want one for the seats that this new match leaves open.
  bool NeedsBackfill(const matcher::Match& match) const;
  openmatch::Backfill OpenSeats(std::size_t match) const;
  void Measure(Duration took) const;
  void Report() const;

  const LatencyMatchFunctionOptions& options_;
  const openmatch::MatchProfile& profile_;
  const matcher::Rules& rules_;
  const RunningMatches& running_;
  const Columns& columns_;
  matcher::Result result_;
  std::vector<std::string> match_ids_;
};

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_PROFILE_RUN_H_
