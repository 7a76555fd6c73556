#include "src/probe/load.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "gsh/agones/allocation_identity.h"

namespace gsh::probe {
namespace {

double Milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

double PerSecond(std::size_t count, Duration elapsed) {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

// Runs jobs, no more than so many at a time; each calls its `done` once, on any thread.
class Gate {
 public:
  explicit Gate(std::size_t width) : free_(width) {}

  void Enter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return free_ > 0; });
    --free_;
    ++inside_;
  }
  void Leave() {
    std::lock_guard lock(mutex_);
    ++free_;
    --inside_;
    changed_.notify_all();
  }
  void AwaitEmpty() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t free_;
  std::size_t inside_ = 0;
};

class LoadRun {
 public:
  LoadRun(agones::Allocator& allocator, const LoadOptions& options)
      : allocator_(allocator),
        options_(options),
        gate_(std::max<std::size_t>(options.in_flight, 1)) {}

  LoadReport Run() {
    const SteadyTime begin = options_.clock->SteadyNow();
    for (std::size_t i = 0; i < options_.count && Pace(begin, i); ++i) Allocate(DueAt(begin, i));
    gate_.AwaitEmpty();
    report_.elapsed = options_.clock->SteadyNow() - begin;
    std::sort(report_.latencies.begin(), report_.latencies.end());
    if (!options_.keep) HandBack();
    return std::move(report_);
  }

 private:
  SteadyTime DueAt(SteadyTime begin, std::size_t call) const {
    if (options_.rate <= 0) return SteadyTime::min();
    const std::chrono::duration<double> offset(static_cast<double>(call) / options_.rate);
    return begin + std::chrono::duration_cast<Duration>(offset);
  }

  // Waits until the call is due and there is room; false when no more shall begin.
  bool Pace(SteadyTime begin, std::size_t call) {
    if (options_.rate > 0) {
      const Duration early = DueAt(begin, call) - options_.clock->SteadyNow();
      if (early > Duration(0) && !options_.clock->SleepFor(early, options_.stop)) return false;
    }
    gate_.Enter();
    if (!options_.stop.stop_requested()) return true;
    gate_.Leave();
    return false;
  }

  // A call that had to wait for room counts from when it was due.
  void Allocate(SteadyTime due) {
    const std::string identity = NewUuid(*options_.rng);
    const SteadyTime begun = due == SteadyTime::min() ? options_.clock->SteadyNow() : due;
    allocator_.AllocateAsync(agones::WithIdentity(options_.request, identity),
                             {.timeout = options_.timeout, .executor = InlineExecutor()},
                             [this, identity, begun](const StatusOr<agones::Allocation>& answer) {
                               Note(identity, begun, answer.status());
                               gate_.Leave();
                             });
  }

  void Note(const std::string& identity, SteadyTime begun, const Status& status) {
    const Duration latency = options_.clock->SteadyNow() - begun;
    std::lock_guard lock(mutex_);
    report_.latencies.push_back(latency);
    if (status.ok()) {
      ++report_.taken;
      taken_.push_back(identity);
    } else {
      ++report_.failures[std::string(StatusCodeName(status.code()))];
      // There may be a server that nobody knows of.
      if (!agones::SurelyNothingTaken(status)) unclear_.push_back(identity);
    }
  }

  void HandBack() {
    const auto send = [&](const std::string& identity, bool surely_taken) {
      gate_.Enter();
      allocator_.AllocateAsync(agones::GiveBackRequest(options_.request, identity),
                               {.timeout = options_.timeout, .executor = InlineExecutor()},
                               [this, surely_taken](const StatusOr<agones::Allocation>& answer) {
                                 std::unique_lock lock(mutex_);
                                 if (answer.ok()) ++report_.handed_back;
                                 if (!answer.ok() && surely_taken) ++report_.not_handed_back;
                                 lock.unlock();
                                 gate_.Leave();
                               });
    };
    for (const std::string& identity : taken_) send(identity, true);
    for (const std::string& identity : unclear_) send(identity, false);
    gate_.AwaitEmpty();
  }

  agones::Allocator& allocator_;
  const LoadOptions& options_;
  Gate gate_;
  std::mutex mutex_;
  LoadReport report_;
  std::vector<std::string> taken_;
  std::vector<std::string> unclear_;
};

constexpr std::pair<const char*, double> kPercentiles[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"max", 1.0}};

}  // namespace

Duration LoadReport::Percentile(double share) const {
  if (latencies.empty()) return Duration(0);
  const double rank = std::ceil(share * static_cast<double>(latencies.size()));
  const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return latencies[std::min(index, latencies.size() - 1)];
}

LoadReport RunLoad(agones::Allocator& allocator, const LoadOptions& options) {
  return LoadRun(allocator, options).Run();
}

std::string ToText(const LoadReport& report) {
  char line[200];
  std::snprintf(line, sizeof line, "%zu allocated in %.2f s, %.1f a second\n", report.taken,
                Milliseconds(report.elapsed) / 1000, PerSecond(report.taken, report.elapsed));
  std::string text = line;
  for (const auto& [code, count] : report.failures) {
    text += std::to_string(count) + " refused: " + code + "\n";
  }
  text += "latency ms:";
  for (const auto& [name, share] : kPercentiles) {
    std::snprintf(line, sizeof line, " %s %.1f", name, Milliseconds(report.Percentile(share)));
    text += line;
  }
  text += "\n" + std::to_string(report.handed_back) + " handed back";
  if (report.not_handed_back > 0) {
    text += ", " + std::to_string(report.not_handed_back) + " not";
  }
  return text;
}

std::string ToJson(const LoadReport& report) {
  nlohmann::ordered_json latency;
  for (const auto& [name, share] : kPercentiles) {
    latency[name] = Milliseconds(report.Percentile(share));
  }
  const nlohmann::ordered_json json = {
      {"allocated", report.taken},
      {"refused", report.failures},
      {"seconds", Milliseconds(report.elapsed) / 1000},
      {"allocations_per_second", PerSecond(report.taken, report.elapsed)},
      {"latency_ms", latency},
      {"handed_back", report.handed_back},
      {"not_handed_back", report.not_handed_back}};
  return json.dump();
}

}  // namespace gsh::probe
