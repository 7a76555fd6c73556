// RunningMatches: the backfills of a run as the matcher's.
#ifndef GSH_SRC_MMF_RUNNING_MATCHES_H_
#define GSH_SRC_MMF_RUNNING_MATCHES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/log.h"
#include "gsh/matcher/matcher.h"
#include "gsh/mmf/backfill_slots.h"
#include "gsh/openmatch/types.h"
#include "src/mmf/columns.h"

namespace gsh::mmf {

// What a member brings to the match that it joins.
struct Joining {
  std::uint32_t players = 1;
  std::size_t team = 0;
  float latency_ms = 0;
};

class GSH_EXPORT RunningMatches {
 public:
  // Takes those that have the extension gsh.backfill, a region of the rules and open slots, each
  // once, the oldest first. Those that make no sense are left out; the log says how many, and why
  // the first. `pools` must outlive the object.
  RunningMatches(const std::map<std::string, std::vector<openmatch::Backfill>>& pools,
                 const matcher::Rules& rules, TextNumbers& attribute_values, LogSink* log);

  std::span<const matcher::Backfill> for_matcher() const { return backfills_; }
  std::span<const std::string> ids() const { return ids_; }
  // The backfill as it is once they have joined.
  openmatch::Backfill Joined(std::size_t index, std::span<const Joining> members) const;

 private:
  Status Add(const openmatch::Backfill& backfill, const matcher::Rules& rules,
             TextNumbers& attribute_values);

  std::vector<const openmatch::Backfill*> sources_;
  std::vector<BackfillSlots> slots_;
  std::vector<matcher::Backfill> backfills_;
  std::vector<std::string> ids_;
};

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_RUNNING_MATCHES_H_
