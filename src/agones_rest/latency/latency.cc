#include "gsh/agones_rest/latency.h"

#include <openssl/crypto.h>

#include <atomic>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "gsh/executor.h"
#include "src/agones_rest/latency/measure.h"
#include "src/core/await.h"
#include "src/rpc/common/client_base.h"

namespace gsh::agones_rest {
namespace {

using Done = std::function<void(StatusOr<std::vector<RegionLatency>>)>;

constexpr int kMaxSamples = 100;
constexpr std::size_t kMaxEndpoints = 256;  // each has a thread while it is measured

Status CheckAddress(const std::string& address) {
  return rpc::CheckClientOptions({.endpoint = address, .tls = {.insecure = true}});
}

Status Check(const std::vector<PingEndpoint>& endpoints, const LatencyOptions& options) {
  std::string mistakes;
  const auto check = [&](bool fine, const std::string& what) {
    if (!fine) mistakes += (mistakes.empty() ? "" : "; ") + what;
  };
  check(endpoints.size() <= kMaxEndpoints, "more than 256 endpoints");
  check(options.samples >= 1 && options.samples <= kMaxSamples, "samples must be from 1 to 100");
  check(options.interval >= Duration(0), "interval is negative");
  check(options.timeout > Duration(0), "timeout must be positive");
  for (const PingEndpoint& endpoint : endpoints) {
    const Status address = CheckAddress(endpoint.address);
    check(address.ok(), endpoint.region + ": " + address.message());
  }
  return mistakes.empty() ? OkStatus() : InvalidArgumentError("latency: " + mistakes);
}

// One call: a thread for each endpoint, the last of which tells the caller.
class Measurement : public std::enable_shared_from_this<Measurement> {
 public:
  Measurement(std::vector<PingEndpoint> endpoints, const LatencyOptions& options,
              std::shared_ptr<Executor> executor, Done done)
      : endpoints_(std::move(endpoints)),
        options_{options, stop_.get_token()},
        executor_(std::move(executor)),
        done_(std::move(done)),
        results_(endpoints_.size()),
        left_(endpoints_.size() + 1) {}

  void Start(const std::optional<Duration>& timeout, std::stop_token stop) {
    // Nobody but the token holds its callback, which therefore keeps nothing alive.
    on_stop_.emplace(std::move(stop), [own = stop_]() mutable { own.request_stop(); });
    if (timeout && *timeout != Duration::max()) {
      timer_ = SystemClock().RunAfter(*timeout, [own = stop_]() mutable { own.request_stop(); });
    }
    for (std::size_t i = 0; i < endpoints_.size(); ++i) StartOne(i);
    EndOne();
  }

 private:
  void StartOne(std::size_t index) {
    try {
      std::thread([self = shared_from_this(), index] {
        self->results_[index] = self->Measure(self->endpoints_[index]);
        // Nobody waits for this thread's end. What OpenSSL keeps for it would be freed then, and
        // when the process ends, which may be at the same moment.
        OPENSSL_thread_stop();
        self->EndOne();
      }).detach();
    } catch (const std::system_error& error) {
      results_[index] = {
          .region = endpoints_[index].region,
          .error = ResourceExhaustedError(std::string("no thread: ") + error.what())};
      EndOne();
    }
  }

  RegionLatency Measure(const PingEndpoint& endpoint) const {
    return endpoint.protocol == PingEndpoint::Protocol::kHttp ? MeasureByHttp(endpoint, options_)
                                                              : MeasureByUdp(endpoint, options_);
  }

  void EndOne() {
    if (--left_ > 0) return;
    on_stop_.reset();
    if (timer_) SystemClock().Cancel(*timer_);
    executor_->Post([done = std::move(done_), results = std::move(results_)]() mutable {
      done(std::move(results));
    });
  }

  const std::vector<PingEndpoint> endpoints_;
  std::stop_source stop_;
  const MeasureOptions options_;
  const std::shared_ptr<Executor> executor_;
  Done done_;
  std::vector<RegionLatency> results_;  // each of one thread's
  std::atomic<std::size_t> left_;       // threads, and Start
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
  std::optional<Clock::TimerId> timer_;
};

bool Strip(std::string& text, const std::string& prefix) {
  if (!text.starts_with(prefix)) return false;
  text.erase(0, prefix.size());
  return true;
}

}  // namespace

StatusOr<PingEndpoint> ParsePingEndpoint(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string what = "\"" + text + "\": ";
  if (equals == text.npos || equals == 0) {
    return InvalidArgumentError(what + "must be region=host:port or region=http://host:port");
  }
  PingEndpoint endpoint{.region = text.substr(0, equals), .address = text.substr(equals + 1)};
  if (Strip(endpoint.address, "http://")) {
    endpoint.protocol = PingEndpoint::Protocol::kHttp;
    if (endpoint.address.ends_with('/')) endpoint.address.pop_back();
  } else {
    Strip(endpoint.address, "udp://");
  }
  const Status address = CheckAddress(endpoint.address);
  if (!address.ok()) return InvalidArgumentError(what + address.message());
  return endpoint;
}

void MeasureLatencyAsync(std::vector<PingEndpoint> endpoints, LatencyOptions options,
                         CallOptions call, Done done) {
  if (options.clock == nullptr) options.clock = &SystemClock();
  if (options.rng == nullptr) options.rng = &SystemRng();
  if (call.executor == nullptr) call.executor = DefaultExecutor();
  if (Status status = Check(endpoints, options); !status.ok()) {
    return call.executor->Post([done = std::move(done), status] { done(status); });
  }
  std::make_shared<Measurement>(std::move(endpoints), options, std::move(call.executor),
                                std::move(done))
      ->Start(call.timeout, std::move(call.stop));
}

StatusOr<std::vector<RegionLatency>> MeasureLatency(std::vector<PingEndpoint> endpoints,
                                                    LatencyOptions options, CallOptions call) {
  return internal::Await<StatusOr<std::vector<RegionLatency>>>(
      std::move(call), [&](CallOptions waiting, auto done) {
        MeasureLatencyAsync(std::move(endpoints), options, std::move(waiting), std::move(done));
      });
}

}  // namespace gsh::agones_rest
