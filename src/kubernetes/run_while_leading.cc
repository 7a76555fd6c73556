#include <unistd.h>

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "gsh/kubernetes/leader_election.h"

namespace gsh::kubernetes {
namespace {

// Whether we lead, and what must end when we no longer do. Terms are counted, so that one that has
// begun and ended while nobody looked is not mistaken for the present one.
class Term {
 public:
  void Begin() {
    std::lock_guard lock(mutex_);
    leading_ = true;
    end_ = std::stop_source();
    changed_.notify_all();
  }
  void End() {
    std::stop_source ended;
    {
      std::lock_guard lock(mutex_);
      leading_ = false;
      ended = end_;
    }
    ended.request_stop();
  }
  // The present term's end; empty if `stop` came first.
  std::optional<std::stop_source> Wait(const std::stop_token& stop) {
    const std::stop_callback<std::function<void()>> on_stop(stop, [this] {
      std::lock_guard lock(mutex_);
      changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return leading_ || stop.stop_requested(); });
    if (stop.stop_requested()) return std::nullopt;
    return end_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool leading_ = false;
  std::stop_source end_;
};

std::function<void()> Both(std::function<void()> ours, std::function<void()> theirs) {
  return [ours = std::move(ours), theirs = std::move(theirs)] {
    ours();
    if (theirs) theirs();
  };
}

}  // namespace

Status RunWhileLeading(Leases& leases, LeaderElectionOptions options, std::stop_token stop,
                       const std::function<Status(std::stop_token)>& work) {
  Term term;
  options.on_started = Both([&] { term.Begin(); }, std::move(options.on_started));
  options.on_stopped = Both([&] { term.End(); }, std::move(options.on_stopped));
  const auto elector = LeaderElector::Start(leases, std::move(options));
  if (!elector.ok()) return elector.status();
  for (;;) {
    std::optional<std::stop_source> end = term.Wait(stop);
    if (!end) return OkStatus();
    const std::stop_callback<std::function<void()>> on_stop(stop, [&] { end->request_stop(); });
    const Status status = work(end->get_token());
    // Of its own accord, or because everything stops.
    if (!end->stop_requested() || stop.stop_requested()) return status;
  }
}

std::string CandidateIdentity(const Env& env, Rng& rng) {
  if (const auto pod = env.Get("POD_NAME"); pod && !pod->empty()) return *pod;
  std::array<char, 256> host = {};
  if (gethostname(host.data(), host.size() - 1) != 0) host = {"host"};
  return std::string(host.data()) + "_" + NewUuid(rng);
}

}  // namespace gsh::kubernetes
