// Calls GameLift and SQS as it is told, one JSON line a call, and says how each call ended and that
// it is about to be repeated. test_network_faults.py breaks the network below it.
//   -> {"call": "claim", "timeout_ms": 4000}
//   <- {"retry": "UNAVAILABLE"}
//   <- {"code": "OK", "attempts": 0, "name": "", "stop": "...", "ms": 12, "bytes": 0}
// `attempts`, `name` and `stop` are those of failed calls. $AWS_ENDPOINT_URL, region and keys come
// from the environment; $GSH_QUEUE is a queue's URL.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "gsh/aws/gamelift.h"
#include "gsh/aws/sqs.h"
#include "gsh/testing/fakes.h"

namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

void Say(const Json& json) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cout << json.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

class RetryTeller final : public gsh::LogSink {
 public:
  bool Enabled(gsh::LogLevel) const override { return true; }
  void Write(gsh::LogLevel, std::string_view message,
             std::span<const gsh::LogField> fields) override {
    if (message != "call is repeated") return;
    for (const gsh::LogField& field : fields) {
      if (field.key == "code") Say({{"retry", field.value}});
    }
  }
};

// What the call got, in bytes of text.
using Outcome = gsh::StatusOr<std::size_t>;

template <typename T, typename Size>
Outcome SizeOf(const gsh::StatusOr<T>& answer, Size size) {
  if (!answer.ok()) return answer.status();
  return size(*answer);
}

class Caller {
 public:
  Caller() {
    auto gamelift = gsh::aws::MakeGameLift(Options());
    auto sqs = gsh::aws::MakeSqs(Options());
    if (gamelift.ok()) gamelift_ = *std::move(gamelift);
    if (sqs.ok()) sqs_ = *std::move(sqs);
  }

  bool ok() const { return gamelift_ != nullptr && sqs_ != nullptr; }

  Outcome Call(const Json& order) {
    const std::string call = order.at("call");
    gsh::CallOptions options;
    if (order.contains("timeout_ms")) options.timeout = milliseconds(order["timeout_ms"]);
    const auto no_bytes = [](const auto&) { return std::size_t{0}; };
    if (call == "claim") {
      return SizeOf(gamelift_->ClaimGameServer({.game_server_group_name = "group"}, options),
                    [](const auto& server) { return server.game_server_data.size(); });
    }
    if (call == "describe") {
      return SizeOf(
          gamelift_->DescribeGameServerGroup({.game_server_group_name = "group"}, options),
          no_bytes);
    }
    if (call == "update") {
      return SizeOf(gamelift_->UpdateGameServer({.game_server_group_name = "group",
                                                 .game_server_id = "server-1",
                                                 .health_check = "HEALTHY"},
                                                options),
                    no_bytes);
    }
    const char* const queue = std::getenv("GSH_QUEUE");
    if (call == "send") {
      const std::string body(order.value("bytes", std::size_t{1}), 'x');
      return SizeOf(sqs_->SendMessage(queue, {.body = body}, options), no_bytes);
    }
    const std::chrono::seconds wait(order.value("wait_s", 0));
    return SizeOf(
        sqs_->ReceiveMessage({.queue_url = queue, .wait = wait}, options),
        [](const auto& messages) { return messages.empty() ? 0 : messages.front().body.size(); });
  }

 private:
  gsh::aws::AwsOptions Options() {
    gsh::aws::AwsOptions options;
    // The longest pauses of the jitter, so that whoever watches can mend the network in them.
    options.rng = &rng_;
    options.retry.initial_backoff = milliseconds(400);
    options.attempt_timeout = milliseconds(1000);
    options.connect_timeout = milliseconds(1000);
    options.log = &log_;
    return options;
  }

  gsh::testing::FixedRng rng_{~std::uint64_t{0}};
  RetryTeller log_;
  std::unique_ptr<gsh::aws::GameLift> gamelift_;
  std::unique_ptr<gsh::aws::Sqs> sqs_;
};

}  // namespace

int main() {
  Caller caller;
  if (!caller.ok()) return 1;
  for (std::string line; std::getline(std::cin, line);) {
    const auto began = std::chrono::steady_clock::now();
    const Outcome outcome = caller.Call(Json::parse(line));
    const auto took = std::chrono::steady_clock::now() - began;
    const gsh::Status& status = outcome.status();
    const gsh::ErrorInfo info = status.info() == nullptr ? gsh::ErrorInfo() : *status.info();
    Say({{"code", gsh::StatusCodeName(status.code())},
         {"attempts", info.attempts},
         {"name", info.name},
         {"stop", gsh::RetryStopName(info.retry_stop)},
         {"ms", std::chrono::duration_cast<milliseconds>(took).count()},
         {"bytes", outcome.ok() ? *outcome : 0}});
  }
  return 0;
}
