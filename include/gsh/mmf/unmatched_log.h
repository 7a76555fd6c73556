// UnmatchedLog: why a ticket still waits, for people who ask.
#ifndef GSH_MMF_UNMATCHED_LOG_H_
#define GSH_MMF_UNMATCHED_LOG_H_

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/matcher/matcher.h"
#include "gsh/mmf/latency_match_function.h"

namespace gsh::mmf {

// Remembers the newest tickets that were left over, up to a number. May be used from several
// threads.
class GSH_EXPORT UnmatchedLog {
 public:
  struct Entry {
    std::string ticket = {};
    matcher::Unmatched reason = matcher::Unmatched::kMatched;
    std::string profile = {};
    WallTime when = {};
  };

  explicit UnmatchedLog(std::size_t capacity = 100'000) : capacity_(capacity) {}

  // Remembers who was left over in the run and forgets who was proposed.
  void Record(const RunReport& run, WallTime when);
  // The last reason; empty if the ticket is not known as left over.
  std::optional<Entry> Find(std::string_view ticket) const;
  std::size_t size() const;

 private:
  void RecordOne(std::string_view ticket, matcher::Unmatched reason, std::string_view profile,
                 WallTime when);

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // newest first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_ticket_;
};

}  // namespace gsh::mmf

#endif  // GSH_MMF_UNMATCHED_LOG_H_
