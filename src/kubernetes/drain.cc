#include "gsh/kubernetes/drain.h"

#include <memory>
#include <mutex>
#include <utility>

#include "src/core/await.h"
#include "src/kubernetes/time_left.h"

namespace gsh::kubernetes {
namespace {

bool Stays(const Pod& pod, const DrainOptions& drain) {
  return pod.mirror || pod.owner_kind == "DaemonSet" || pod.phase == "Succeeded" ||
         pod.phase == "Failed" || (drain.filter && !drain.filter(pod));
}

// The report, filled by all evictions.
class Tally {
 public:
  Tally(DrainReport report, std::size_t open, std::function<void(StatusOr<DrainReport>)> done)
      : report_(std::move(report)), open_(open), done_(std::move(done)) {}

  void Ended(Pod pod, Status status) {
    {
      std::lock_guard lock(mutex_);
      if (status.ok()) {
        report_.evicted.push_back(std::move(pod));
      } else {
        report_.failed.emplace_back(std::move(pod), std::move(status));
      }
      if (--open_ > 0) return;
    }
    done_(std::move(report_));
  }

 private:
  std::mutex mutex_;
  DrainReport report_;
  std::size_t open_;
  const std::function<void(StatusOr<DrainReport>)> done_;
};

void EvictAll(Pods& pods, std::vector<Pod> all, const DrainOptions& drain,
              const CallOptions& options, std::function<void(StatusOr<DrainReport>)> done) {
  DrainReport report;
  std::vector<Pod> leaving;
  for (Pod& pod : all) {
    (Stays(pod, drain) ? report.kept : leaving).push_back(std::move(pod));
  }
  if (leaving.empty()) return done(std::move(report));
  const auto tally = std::make_shared<Tally>(std::move(report), leaving.size(), std::move(done));
  for (const Pod& pod : leaving) {
    pods.EvictAsync(pod, drain.evict, options,
                    [tally, pod](Status status) { tally->Ended(pod, std::move(status)); });
  }
}

}  // namespace

void DrainAsync(Pods& pods, std::string node, DrainOptions drain, CallOptions options,
                std::function<void(StatusOr<DrainReport>)> done) {
  const TimeLeft left(drain.clock != nullptr ? *drain.clock : SystemClock(), std::move(options));
  pods.ListOnNodeAsync(std::move(node), left.Options(),
                       [&pods, drain = std::move(drain), left,
                        done = std::move(done)](StatusOr<std::vector<Pod>> all) {
                         if (!all.ok()) return done(all.status());
                         EvictAll(pods, *std::move(all), drain, left.Options(), done);
                       });
}

StatusOr<DrainReport> Drain(Pods& pods, std::string node, DrainOptions drain, CallOptions options) {
  return internal::Await<StatusOr<DrainReport>>(
      std::move(options), [&](CallOptions inner, auto done) {
        DrainAsync(pods, std::move(node), std::move(drain), std::move(inner), std::move(done));
      });
}

}  // namespace gsh::kubernetes
