// Proposals: what matches of the matcher look like to Open Match.
#ifndef GSH_SRC_MMF_PROPOSAL_H_
#define GSH_SRC_MMF_PROPOSAL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/any.h"
#include "gsh/clock.h"
#include "gsh/export.h"

namespace gsh::mmf {

// Any(openmatch.DefaultEvaluationCriteria{score}) (open-match v1.8: api/extensions.proto).
GSH_EXPORT Any EvaluationInput(double score);

// 1000 / mean, as the samples score; finite for 0.
GSH_EXPORT double SampleScore(double mean_latency_ms);

// "2026-01-31T07:05:09.25", UTC.
GSH_EXPORT std::string MatchTime(WallTime when);

// "profile-<profile>-time-<time>-<index>-<chance as 16 hex digits>".
GSH_EXPORT std::string MatchId(std::string_view profile, std::string_view time, std::size_t index,
                               std::uint64_t chance);

// {"0":["ticket id",...],"1":[...]}: the tickets of each team, by the team's number; empty teams
// are left out.
GSH_EXPORT std::string JsonOfTeams(const std::vector<std::vector<std::string_view>>& teams);

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_PROPOSAL_H_
