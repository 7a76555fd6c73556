// KeptRun: what is remembered of one run, in flat arrays, and looked up by ticket.
#ifndef GSH_SRC_MMF_KEPT_RUN_H_
#define GSH_SRC_MMF_KEPT_RUN_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/clock.h"
#include "gsh/matcher/matcher.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/mmf/run_log.h"

namespace gsh::mmf {

class KeptRun {
 public:
  // Keeps as many of the first tickets as have room in `max_bytes`.
  KeptRun(const RunReport& run, WallTime when, std::size_t max_bytes);

  std::size_t bytes() const { return bytes_; }
  // `hash` is HashOfId of the ticket's id.
  std::optional<TicketRun> Find(std::string_view ticket, std::uint64_t hash) const;

 private:
  static constexpr std::uint32_t kNoMatch = 0xffffffff;
  struct KeptMatch {
    std::string id;
    std::string backfill;
    std::uint32_t region;
    std::uint32_t band;
  };

  std::size_t CountThatFit(const RunReport& run, std::size_t max_bytes) const;
  void KeepTickets(const RunReport& run, std::size_t count);
  void KeepMatches(const RunReport& run);
  std::size_t CountBytes() const;
  std::string_view IdOf(std::size_t ticket) const;
  TicketRun At(std::size_t ticket) const;
  void AddRegions(std::size_t ticket, TicketRun& found) const;
  void AddMatch(std::size_t ticket, TicketRun& found) const;

  const std::string profile_;
  const WallTime when_;
  const matcher::Rules rules_;  // without regions if the report has none
  std::vector<std::uint64_t> hashes_;
  std::string ids_;  // one after the other
  std::vector<std::size_t> id_ends_;
  std::vector<matcher::Unmatched> reasons_;
  std::vector<float> latencies_;
  // Each empty if the report does not have it.
  std::vector<float> waits_;
  std::vector<float> widens_at_;
  std::vector<std::uint16_t> party_sizes_;
  std::vector<std::uint32_t> match_of_;
  std::vector<std::uint16_t> team_of_;
  std::vector<KeptMatch> matches_;
  std::map<std::size_t, std::string> refusals_;
  std::size_t bytes_ = 0;
};

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_KEPT_RUN_H_
