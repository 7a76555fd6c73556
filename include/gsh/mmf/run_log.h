// RunLog: what the last runs said about a ticket, for people who ask.
#ifndef GSH_MMF_RUN_LOG_H_
#define GSH_MMF_RUN_LOG_H_

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/matcher/matcher.h"
#include "gsh/mmf/latency_match_function.h"

namespace gsh::mmf {

// What one run said about one ticket. Members are empty or NaN where the run did not say.
struct TicketRun {
  std::string profile = {};
  WallTime when = {};
  matcher::Unmatched reason = matcher::Unmatched::kMatched;
  std::string refusal = {};  // of a refused ticket: why

  struct Region {
    std::string name = {};
    float latency_ms = 0;  // what the rules match by; NaN: none that is usable
    float limit_ms = 0;    // its highest latency after its wait; infinite: no limit
  };
  std::vector<Region> regions = {};
  std::size_t party_size = 1;
  float wait_s = std::numeric_limits<float>::quiet_NaN();
  // How long it will have waited when its limits next widen; infinite: never again.
  float widens_at_s = std::numeric_limits<float>::infinity();

  // Of a matched ticket.
  std::string match_id = {};
  std::string region = {};
  float band_min_ms = 0;
  float band_max_ms = 0;
  std::string team = {};      // if the rules have several
  std::string backfill = {};  // id of the backfill that the match joins
};

struct RunLogOptions {
  // What is remembered at most. A ticket takes about 35 bytes, 4 for each region and its id, a
  // match about 150. The newest run is cut short if it alone is larger.
  std::size_t max_runs = 100;
  std::size_t max_bytes = std::size_t{64} << 20;
};

// Remembers the newest runs whole, in a few flat arrays each. May be used from several threads.
class GSH_EXPORT RunLog {
 public:
  explicit RunLog(RunLogOptions options = {});
  ~RunLog();

  void Record(const RunReport& run, WallTime when);
  // The newest runs that had the ticket, at most `most`, the newest first; empty: it is not known.
  std::vector<TicketRun> Find(std::string_view ticket, std::size_t most = 10) const;
  std::size_t runs() const;
  std::size_t bytes() const;  // about, of all that is remembered

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

// {"ticket":...,"runs":[{...}]}: docs/mmf.md has an example.
GSH_EXPORT std::string ExplainJson(std::string_view ticket, const std::vector<TicketRun>& runs,
                                   WallTime now);

}  // namespace gsh::mmf

#endif  // GSH_MMF_RUN_LOG_H_
