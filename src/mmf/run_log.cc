#include "gsh/mmf/run_log.h"

#include <deque>
#include <mutex>

#include "src/mmf/columns.h"
#include "src/mmf/kept_run.h"

namespace gsh::mmf {

class RunLog::Impl {
 public:
  explicit Impl(RunLogOptions options) : options_(options) {}

  void Record(const RunReport& run, WallTime when) {
    if (options_.max_runs == 0 || run.ticket_ids.empty()) return;
    // Copied without the lock: several profiles' runs go on at a time.
    auto kept = std::make_shared<const KeptRun>(run, when, options_.max_bytes);
    std::lock_guard lock(mutex_);
    bytes_ += kept->bytes();
    runs_.push_front(std::move(kept));
    while (runs_.size() > options_.max_runs || (runs_.size() > 1 && bytes_ > options_.max_bytes)) {
      bytes_ -= runs_.back()->bytes();
      runs_.pop_back();
    }
  }

  std::vector<TicketRun> Find(std::string_view ticket, std::size_t most) const {
    std::deque<std::shared_ptr<const KeptRun>> runs;
    {
      std::lock_guard lock(mutex_);
      runs = runs_;
    }
    std::vector<TicketRun> found;
    const std::uint64_t hash = HashOfId(ticket);
    for (const auto& run : runs) {
      if (found.size() == most) break;
      if (std::optional<TicketRun> one = run->Find(ticket, hash)) found.push_back(*std::move(one));
    }
    return found;
  }

  std::size_t runs() const {
    std::lock_guard lock(mutex_);
    return runs_.size();
  }
  std::size_t bytes() const {
    std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  const RunLogOptions options_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const KeptRun>> runs_;  // newest first
  std::size_t bytes_ = 0;
};

RunLog::RunLog(RunLogOptions options) : impl_(std::make_unique<Impl>(options)) {}
RunLog::~RunLog() = default;

void RunLog::Record(const RunReport& run, WallTime when) { impl_->Record(run, when); }
std::vector<TicketRun> RunLog::Find(std::string_view ticket, std::size_t most) const {
  return impl_->Find(ticket, most);
}
std::size_t RunLog::runs() const { return impl_->runs(); }
std::size_t RunLog::bytes() const { return impl_->bytes(); }

}  // namespace gsh::mmf
