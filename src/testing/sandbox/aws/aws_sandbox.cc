#include "gsh/testing/aws_sandbox.h"

#include <arpa/inet.h>

#include <utility>

#include "src/http/server.h"
#include "src/testing/sandbox/aws/control.h"
#include "src/testing/sandbox/aws/fleetiq.h"
#include "src/testing/sandbox/aws/imds.h"
#include "src/testing/sandbox/aws/services.h"
#include "src/testing/sandbox/aws/sqs.h"
#include "src/testing/sandbox/aws/temporary_keys.h"

namespace gsh::testing {
namespace aws {
namespace {

// A long poll lasts 20 s.
constexpr std::chrono::seconds kRequestTimeout{40};

class LocalAwsSandbox final : public AwsSandbox {
 public:
  explicit LocalAwsSandbox(AwsSandboxOptions options)
      : options_(std::move(options)),
        rng_(SystemRng()),
        keys_(*options_.clock, rng_),
        imds_({.instance = options_.instance,
               .region = options_.region,
               .account_id = options_.account_id,
               .v1 = options_.imds_v1,
               .clock = options_.clock,
               .rng = &rng_,
               .keys = &keys_}),
        fleetiq_({.region = options_.region,
                  .account_id = options_.account_id,
                  .healthy_for = options_.game_server_healthy_for,
                  .forgotten_after = options_.game_server_forgotten_after,
                  .clock = options_.clock}),
        sqs_(std::make_shared<Sqs>(SqsOptions{.region = options_.region,
                                              .account_id = options_.account_id,
                                              .clock = options_.clock,
                                              .rng = &rng_})),
        services_(options_, rng_, keys_, fleetiq_, *sqs_) {}
  ~LocalAwsSandbox() override {
    sqs_->Close();
    server_.reset();
    imds_server_.reset();
  }

  Status Run() {
    auto imds = http::Server::Start(
        {.address = options_.bind + ":" + std::to_string(options_.imds_port),
         .handler = [this](const http::Request& request) { return AnswerImds(request); },
         .log = options_.log});
    if (!imds.ok()) return imds.status().WithContext("imds");
    imds_server_ = *std::move(imds);
    auto server = http::Server::Start(
        {.address = options_.bind + ":" + std::to_string(options_.port),
         .async_handler = [this](http::Request request,
                                 http::Respond respond) { Answer(request, std::move(respond)); },
         .max_body_bytes = kMaxRequest,
         .request_timeout = kRequestTimeout,
         .log = options_.log});
    if (!server.ok()) return server.status().WithContext("services");
    server_ = *std::move(server);
    const std::string host =
        "http://" + (options_.bind == "0.0.0.0" ? "127.0.0.1" : options_.bind) + ":";
    endpoints_ = {.services = host + std::to_string(server_->port()),
                  .imds = host + std::to_string(imds_server_->port())};
    sqs_->set_base_url(endpoints_.services);
    return OkStatus();
  }

  const AwsSandboxEndpoints& endpoints() const override { return endpoints_; }

  void InterruptSpot(std::string action, Duration notice) override {
    imds_.InterruptSpot(std::move(action), notice);
  }
  void RecommendRebalance() override { imds_.RecommendRebalance(); }
  void ScheduleEvent(std::string event_id, std::string code, std::string state,
                     Duration not_before) override {
    imds_.ScheduleEvent(std::move(event_id), std::move(code), std::move(state), not_before);
  }
  void SetAutoScalingTargetState(std::string state) override {
    imds_.SetAutoScalingTargetState(std::move(state));
  }
  void ClearEvents() override { imds_.ClearEvents(); }
  void ForgetImdsTokens() override { imds_.ForgetTokens(); }
  void ExpireCredentials() override { keys_.ExpireAll(); }

  void SetInstance(const std::string& group, const std::string& instance_id,
                   const std::string& status) override {
    fleetiq_.SetInstance(group, instance_id, status);
  }
  void RemoveInstance(const std::string& group, const std::string& instance_id) override {
    fleetiq_.RemoveInstance(group, instance_id);
  }

  void InjectFault(AwsSandboxFault fault) override { services_.InjectFault(std::move(fault)); }
  void ClearFaults() override { services_.ClearFaults(); }
  std::vector<std::string> TakeRequests() override { return services_.TakeRequests(); }

 private:
  http::Response AnswerImds(const http::Request& request) {
    services_.Note(request.method + " " + request.path);
    if (const auto fault = services_.TakeFault("Imds")) {
      return {.code = fault->http_status, .body = fault->message};
    }
    return imds_.Answer(request);
  }
  void Answer(const http::Request& request, http::Respond respond) {
    if (IsControl(request)) return respond(AnswerControl(request, *this));
    services_.Answer(request, std::move(respond));
  }

  const AwsSandboxOptions options_;
  Rng& rng_;
  TemporaryKeys keys_;
  Imds imds_;
  FleetIq fleetiq_;
  const std::shared_ptr<Sqs> sqs_;
  Services services_;
  AwsSandboxEndpoints endpoints_;
  std::unique_ptr<http::Server> imds_server_;
  std::unique_ptr<http::Server> server_;
};

// Every mistake, by name.
Status CheckOptions(const AwsSandboxOptions& options) {
  std::string mistakes;
  const auto add = [&](const std::string& text) {
    mistakes += (mistakes.empty() ? "" : "; ") + text;
  };
  in_addr parsed{};
  if (inet_pton(AF_INET, options.bind.c_str(), &parsed) != 1) {
    add("bind is not an IPv4 address: \"" + options.bind + "\"");
  }
  for (const int port : {options.port, options.imds_port}) {
    if (port < 0 || port > 65535) add("no port: " + std::to_string(port));
  }
  if (options.region.empty()) add("region is empty");
  if (options.instance.instance_id.empty()) add("instance.instance_id is empty");
  if (options.game_server_healthy_for <= Duration(0) ||
      options.game_server_forgotten_after < options.game_server_healthy_for) {
    add("game_server_healthy_for and game_server_forgotten_after must be positive and in order");
  }
  return mistakes.empty() ? OkStatus() : InvalidArgumentError("AWS sandbox: " + mistakes);
}

}  // namespace
}  // namespace aws

StatusOr<std::unique_ptr<AwsSandbox>> AwsSandbox::Start(AwsSandboxOptions options) {
  if (options.clock == nullptr) options.clock = &SystemClock();
  if (const Status status = aws::CheckOptions(options); !status.ok()) return status;
  auto sandbox = std::make_unique<aws::LocalAwsSandbox>(std::move(options));
  if (const Status status = sandbox->Run(); !status.ok()) return status;
  return std::unique_ptr<AwsSandbox>(std::move(sandbox));
}

}  // namespace gsh::testing
