#include "src/testing/sandbox/open_match/open_match.h"

#include <chrono>
#include <utility>
#include <vector>

#include "src/core/host_port.h"
#include "src/testing/sandbox/open_match/backend_service.h"
#include "src/testing/sandbox/open_match/engine.h"
#include "src/testing/sandbox/open_match/evaluator_client.h"
#include "src/testing/sandbox/open_match/frontend_service.h"
#include "src/testing/sandbox/open_match/query_service.h"
#include "src/testing/sandbox/open_match/tracked_executor.h"

namespace gsh::sandbox {
namespace {

Status Check(const OpenMatchServerOptions& options) {
  if (options.server_credentials == nullptr) {
    return InvalidArgumentError("server_credentials is required");
  }
  if (options.mmf_credentials == nullptr)
    return InvalidArgumentError("mmf_credentials is required");
  if (options.faults == nullptr) return InvalidArgumentError("faults is required");
  return OkStatus();
}

std::shared_ptr<const Engine> MakeEngine(const OpenMatchServerOptions& options,
                                         std::shared_ptr<Executor> executor) {
  const testing::OpenMatchTimers& timers = options.timers;
  Clock& clock = *options.clock;
  return std::make_shared<const Engine>(Engine{
      .clock = clock,
      .faults = *options.faults,
      .log = options.log,
      .tickets = TicketStore::Make(
          clock, *options.rng, {timers.pending_release_timeout, timers.assigned_delete_timeout}),
      // Backfills live for four fifths of their tickets' time.
      .backfills = std::make_shared<BackfillStore>(clock, *options.rng,
                                                   timers.pending_release_timeout / 5 * 4),
      .executor = std::move(executor),
  });
}

std::shared_ptr<Synchronizer> MakeSynchronizer(const std::shared_ptr<const Engine>& engine,
                                               const OpenMatchServerOptions& options) {
  const testing::OpenMatchTimers& timers = options.timers;
  SynchronizerOptions synchronizer{
      .registration_interval = timers.registration_interval,
      .proposal_collection_interval = timers.proposal_collection_interval,
      .clock = &engine->clock,
      .executor = engine->executor,
      .add_pending =
          [engine](std::span<const std::string> ids) { engine->tickets->AddPending(ids); },
      .clean_up = [engine] { engine->tickets->Release(engine->backfills->TakeExpired()); },
      .log = engine->log,
  };
  if (!options.evaluator.empty()) {
    const auto client = std::make_shared<EvaluatorClient>(
        options.evaluator, options.mmf_credentials, options.mmf_channel_arguments);
    synchronizer.evaluate = [client](auto proposals, std::stop_token stop) {
      return client->Evaluate(proposals, std::move(stop));
    };
  }
  return Synchronizer::Make(std::move(synchronizer));
}

// One service on a port of its own.
struct Listener {
  std::unique_ptr<grpc::Service> service;
  std::unique_ptr<grpc::Server> server;
  std::string endpoint;
};

StatusOr<Listener> Listen(std::unique_ptr<grpc::Service> service,
                          const OpenMatchServerOptions& options) {
  Listener listener;
  listener.service = std::move(service);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(internal::JoinHostPort(options.bind, 0), options.server_credentials,
                           &port);
  builder.RegisterService(listener.service.get());
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // As the real server: clients may ping every 10 s, without calls too.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  listener.server = builder.BuildAndStart();
  if (listener.server == nullptr || port == 0) {
    return UnavailableError("cannot listen on " + options.bind);
  }
  listener.endpoint = internal::JoinHostPort(options.bind, port);
  return listener;
}

class Running final : public OpenMatch {
 public:
  Running(std::shared_ptr<const Engine> engine, std::shared_ptr<TrackedExecutor> executor,
          std::vector<Listener> listeners)
      : engine_(std::move(engine)),
        executor_(std::move(executor)),
        listeners_(std::move(listeners)) {
    endpoints_ = {.frontend = listeners_[0].endpoint,
                  .backend = listeners_[1].endpoint,
                  .query = listeners_[2].endpoint};
  }
  ~Running() override { Stop(); }

  const OpenMatchEndpoints& endpoints() const override { return endpoints_; }
  std::size_t ticket_count() const override { return engine_->tickets->size(); }

  void Stop() override {
    for (Listener& listener : listeners_) {
      listener.server->Shutdown(std::chrono::system_clock::now());
    }
    executor_->Drain();  // nothing uses the caller's clock and faults any more
  }

 private:
  const std::shared_ptr<const Engine> engine_;
  const std::shared_ptr<TrackedExecutor> executor_;
  std::vector<Listener> listeners_;
  OpenMatchEndpoints endpoints_;
};

}  // namespace

StatusOr<std::unique_ptr<OpenMatch>> OpenMatch::Start(OpenMatchServerOptions options) {
  if (const Status valid = Check(options); !valid.ok()) return valid;
  if (options.clock == nullptr) options.clock = &SystemClock();
  if (options.rng == nullptr) options.rng = &SystemRng();
  const auto executor = std::make_shared<TrackedExecutor>(MakeThreadPool());
  const std::shared_ptr<const Engine> engine = MakeEngine(options, executor);
  const FetchServices fetch{.engine = engine,
                            .synchronizer = MakeSynchronizer(engine, options),
                            .match_functions = std::make_shared<MmfClient>(
                                options.mmf_credentials, options.mmf_channel_arguments)};
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(MakeFrontendService(engine));
  services.push_back(MakeBackendService(fetch));
  services.push_back(MakeQueryService(engine, options.timers.query_page_size));
  std::vector<Listener> listeners;
  for (auto& service : services) {
    StatusOr<Listener> listener = Listen(std::move(service), options);
    if (!listener.ok()) return listener.status();
    listeners.push_back(*std::move(listener));
  }
  return std::unique_ptr<OpenMatch>(
      std::make_unique<Running>(engine, executor, std::move(listeners)));
}

}  // namespace gsh::sandbox
