// Service: the allocator service's answers to HTTP requests.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_SERVICE_H_
#define GSH_SRC_ALLOCATOR_SERVICE_SERVICE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/clock.h"
#include "gsh/log.h"
#include "gsh/metrics.h"
#include "src/allocator_service/address_query.h"
#include "src/allocator_service/authenticator.h"
#include "src/allocator_service/client_address.h"
#include "src/allocator_service/refusal_log.h"
#include "src/allocator_service/server_taker.h"
#include "src/core/client_buckets.h"
#include "src/http/server.h"

namespace gsh::allocator_service {

struct ServiceOptions {
  Selection selection = {};
  std::vector<Network> trusted_proxies = {};       // whose X-Forwarded-For is believed
  double rate_limit = 10;                          // GET /address a second and client; 0: no limit
  int max_in_flight = 256;                         // allocations; 503 beyond
  std::function<std::string()> metrics_text = {};  // what /metrics answers; empty: 404
  AuthenticatorOptions authenticator = {};
  ServerTakerOptions taker = {};
  Clock* clock = nullptr;  // SystemClock()
  LogSink* log = nullptr;
  MetricsSink* metrics = nullptr;
};

// GET only. "/" and "/healthz" need no credentials; "/address" and "/metrics" do.
class Service {
 public:
  // `allocator` must outlive it; and it the server that asks it.
  Service(agones::Allocator& allocator, std::unique_ptr<UserSource> users, ServiceOptions options);

  // Never blocks. For http::ServerOptions::async_handler.
  void Handle(http::Request request, http::Respond respond);

  // From now on "/" and "/healthz" answer 503, so that load balancers look elsewhere.
  void BeginStop() { stopping_ = true; }

 private:
  struct Exchange;
  using ExchangePtr = std::shared_ptr<Exchange>;

  void Route(const ExchangePtr& exchange);
  void Health(const ExchangePtr& exchange, std::string_view text);
  void Login(const ExchangePtr& exchange, std::function<void(const ExchangePtr&)> then);
  void Address(const ExchangePtr& exchange);
  void Allocate(const ExchangePtr& exchange, agones::AllocationRequest request);
  void ShowInFlight();
  void OnAllocated(const ExchangePtr& exchange, const StatusOr<agones::Allocation>& allocation);
  std::optional<Duration> OverRate(const std::string& client);
  void Answer(const ExchangePtr& exchange, http::Response response);

  const ServiceOptions options_;
  Clock& clock_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> in_flight_ = 0;
  RefusalLog refusals_;
  std::mutex mutex_;
  std::optional<internal::ClientBuckets> rates_;
  Authenticator authenticator_;
  ServerTaker taker_;  // the last: its calls end before the others go
};

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_SERVICE_H_
