#include <memory>
#include <utility>

#include "src/agones_rest/latency/measure.h"
#include "src/agones_rest/latency/ping_ledger.h"
#include "src/core/await.h"
#include "src/http/client/client.h"

namespace gsh::agones_rest {
namespace {

constexpr rpc::Method kPing = {"agones.ping", "Ping"};

Status PingOnce(http::Client& client, const MeasureOptions& options) {
  return internal::Await<Status>({.timeout = options.timeout, .stop = options.stop},
                                 [&](CallOptions call, http::Client::DoneCallback done) {
                                   client.Send(kPing, {}, std::make_shared<http::ClientResponse>(),
                                               std::move(call), std::move(done));
                                 });
}

}  // namespace

RegionLatency MeasureByHttp(const PingEndpoint& endpoint, const MeasureOptions& options) {
  RegionLatency result{.region = endpoint.region};
  http::ClientTraits traits;
  traits.connect_timeout = options.timeout;
  auto client = http::Client::Make({.endpoint = endpoint.address,
                                    .tls = {.insecure = true},
                                    .retry = {.max_attempts = 1},
                                    .clock = options.clock,
                                    .rng = options.rng,
                                    .max_message_bytes = 64u << 10},
                                   std::move(traits));
  if (!client.ok()) {
    result.error = client.status();
    return result;
  }
  PingLedger ledger(options.timeout, *options.rng);
  Status last = PingOnce(**client, options);  // opens the connection
  for (int i = 0; i < options.samples && !options.stop.stop_requested(); ++i) {
    if (i > 0 && !SystemClock().SleepFor(options.interval, options.stop)) break;
    const std::string sample = ledger.Send(options.clock->SteadyNow());
    last = PingOnce(**client, options);
    if (last.ok()) ledger.Receive(sample, options.clock->SteadyNow());
  }
  ledger.Fill(result);
  if (!result.minimum) result.error = last.ok() ? CancelledError("the caller gave up") : last;
  return result;
}

}  // namespace gsh::agones_rest
