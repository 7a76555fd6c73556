#include "src/allocator_service/service.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "src/allocator_service/answers.h"

namespace gsh::allocator_service {
namespace {

// Paths that may become a metric's label: what clients make up may not.
std::string_view KnownPath(const std::string& path) {
  constexpr std::array<std::string_view, 4> kKnown = {"/", "/healthz", "/address", "/metrics"};
  for (const std::string_view known : kKnown) {
    if (path == known) return known;
  }
  return "other";
}

const char* ReasonOf(AuthResult::Verdict verdict) {
  switch (verdict) {
    case AuthResult::Verdict::kWrong:
      return "wrong credentials";
    case AuthResult::Verdict::kTooManyFailures:
      return "too many wrong credentials";
    default:
      return "too many credentials to check";
  }
}

internal::ClientBuckets RateBuckets(double per_second) {
  return internal::ClientBuckets(
      {.burst = std::max(1.0, 2 * per_second), .per_second = per_second});
}

}  // namespace

// One request on its way to its answer.
struct Service::Exchange {
  http::Request request;
  http::Respond respond;
  std::string client;
  std::string user = {};
  SteadyTime begun = {};
};

Service::Service(agones::Allocator& allocator, std::unique_ptr<UserSource> users,
                 ServiceOptions options)
    : options_(std::move(options)),
      clock_(options_.clock == nullptr ? SystemClock() : *options_.clock),
      refusals_(options_.log, clock_),
      authenticator_(std::move(users), options_.authenticator),
      taker_(allocator, options_.taker) {
  if (options_.rate_limit > 0) rates_.emplace(RateBuckets(options_.rate_limit));
}

void Service::Handle(http::Request request, http::Respond respond) {
  auto exchange = std::make_shared<Exchange>();
  exchange->request = std::move(request);
  exchange->respond = std::move(respond);
  exchange->begun = clock_.SteadyNow();
  const bool hearsay = !options_.trusted_proxies.empty();
  exchange->client = ClientOf(exchange->request.peer,
                              hearsay ? exchange->request.JoinedHeader("X-Forwarded-For") : "",
                              options_.trusted_proxies);
  Route(exchange);
}

void Service::Route(const ExchangePtr& exchange) {
  const std::string& path = exchange->request.path;
  const bool has_metrics = static_cast<bool>(options_.metrics_text);
  if (KnownPath(path) == "other" || (path == "/metrics" && !has_metrics)) {
    return Answer(exchange, ErrorAnswer(404, "not found"));
  }
  if (exchange->request.method != "GET") {
    http::Response response = ErrorAnswer(405, "GET only");
    response.headers.emplace_back("Allow", "GET");
    return Answer(exchange, std::move(response));
  }
  if (path == "/address") return Address(exchange);
  if (path == "/metrics") {
    return Login(exchange, [this](const ExchangePtr& known) {
      Answer(known, {.content_type = "text/plain; version=0.0.4; charset=utf-8",
                     .body = options_.metrics_text()});
    });
  }
  if (stopping_) return Answer(exchange, ErrorAnswer(503, "the service stops"));
  Answer(exchange, {.content_type = "application/json", .body = "Healthy"});
}

void Service::Address(const ExchangePtr& exchange) {
  if (const auto pause = OverRate(exchange->client)) {
    refusals_.Add(exchange->client, "over the rate limit");
    return Answer(exchange, TooManyAnswer("too many requests", *pause));
  }
  Login(exchange, [this](const ExchangePtr& known) {
    StatusOr<agones::AllocationRequest> request =
        RequestFor(options_.selection, known->request.query);
    if (!request.ok()) return Answer(known, ErrorAnswer(400, request.status().message()));
    Allocate(known, *std::move(request));
  });
}

std::optional<Duration> Service::OverRate(const std::string& client) {
  if (!rates_) return std::nullopt;
  const SteadyTime now = clock_.SteadyNow();
  std::lock_guard lock(mutex_);
  if (rates_->Take(client, now)) return std::nullopt;
  return rates_->Pause(client, now);
}

void Service::Login(const ExchangePtr& exchange, std::function<void(const ExchangePtr&)> then) {
  authenticator_.Check(exchange->request.FindHeader("Authorization"), exchange->client,
                       [this, exchange, then = std::move(then)](AuthResult result) {
                         if (result.verdict == AuthResult::Verdict::kAccepted) {
                           exchange->user = std::move(result.user);
                           return then(exchange);
                         }
                         if (result.verdict != AuthResult::Verdict::kMissing) {
                           refusals_.Add(exchange->client, ReasonOf(result.verdict));
                         }
                         Answer(exchange, LoginAnswer(result));
                       });
}

void Service::Allocate(const ExchangePtr& exchange, agones::AllocationRequest request) {
  if (in_flight_.fetch_add(1) >= options_.max_in_flight) {
    --in_flight_;
    return Answer(exchange, AllocationErrorAnswer(AbortedError("too many in flight")));
  }
  ShowInFlight();
  taker_.Take(std::move(request), [this, exchange](const StatusOr<agones::Allocation>& allocation) {
    --in_flight_;
    ShowInFlight();
    OnAllocated(exchange, allocation);
  });
}

void Service::ShowInFlight() {
  if (options_.metrics == nullptr) return;
  options_.metrics->Set("gsh_allocator_service_in_flight", in_flight_.load(), {});
}

void Service::OnAllocated(const ExchangePtr& exchange,
                          const StatusOr<agones::Allocation>& allocation) {
  if (allocation.ok()) {
    Log(options_.log, LogLevel::kInfo, "allocated",
        {{"game_server", allocation->game_server},
         {"user", exchange->user},
         {"client", exchange->client}});
    return Answer(exchange,
                  {.content_type = "application/json", .body = AllocatedJson(*allocation)});
  }
  // No server is everyday life, and the metrics count it.
  const bool everyday = allocation.status().code() == StatusCode::kResourceExhausted;
  Log(options_.log, everyday ? LogLevel::kDebug : LogLevel::kWarning, "not allocated",
      {{"error", allocation.status().ToString()}, {"user", exchange->user}});
  Answer(exchange, AllocationErrorAnswer(allocation.status()));
}

void Service::Answer(const ExchangePtr& exchange, http::Response response) {
  if (options_.metrics != nullptr) {
    const std::string code = std::to_string(response.code);
    const std::string_view path = KnownPath(exchange->request.path);
    const MetricLabel labels[] = {{"path", path}, {"code", code}};
    options_.metrics->Add("gsh_allocator_service_requests_total", 1, labels);
    if (path == "/address") {
      options_.metrics->Observe(
          "gsh_allocator_service_address_seconds",
          std::chrono::duration<double>(clock_.SteadyNow() - exchange->begun).count(), {});
    }
  }
  // Answers differ from one request to the next, and hold addresses that are somebody's alone.
  response.headers.emplace_back("Cache-Control", "no-store");
  exchange->respond(std::move(response));
}

}  // namespace gsh::allocator_service
