// AwsRequests: signed calls per second over kept connections, to a server that answers at once and
// to the sandbox, which checks each signature.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/in_flight.h"
#include "benchmarks/statistics.h"
#include "gsh/aws/default_credentials.h"
#include "gsh/aws/gamelift.h"
#include "gsh/executor.h"
#include "gsh/testing/aws_sandbox.h"
#include "src/http/server.h"

namespace gsh::benchmarks {
namespace {

constexpr std::size_t kInFlight = 16;
constexpr std::size_t kCalls = 20'000;
constexpr int kRounds = 5;
constexpr char kInstance[] = "i-0123456789abcdef0";
constexpr char kServer[] = R"({"GameServer":{"GameServerGroupName":"group","GameServerId":"srv-1",
"InstanceId":"i-0123456789abcdef0","UtilizationStatus":"AVAILABLE","LastHealthCheckTime":1764000000}})";

StatusOr<std::unique_ptr<aws::GameLift>> MakeClient(const std::string& url) {
  return aws::MakeGameLift({.region = "us-east-1",
                            .endpoint_url = url,
                            .credentials = aws::MakeStaticCredentials(
                                aws::Credentials("AKIASANDBOX000000000", "sandbox-secret"))});
}

// Heartbeats, the call that hosts make most.
Status BeatHearts(aws::GameLift& gamelift, std::size_t calls) {
  return InFlight::Run(calls, kInFlight, [&](std::size_t, InFlight::Done done) {
    gamelift.UpdateGameServerAsync(
        {.game_server_group_name = "group",
         .game_server_id = "srv-1",
         .health_check = std::string(aws::gamelift::kHealthy)},
        {.executor = InlineExecutor()},
        [done = std::move(done)](const StatusOr<aws::gamelift::GameServer>& server) {
          done(server.status());
        });
  });
}

StatusOr<double> MeasureRate(const std::string& url) {
  const auto gamelift = MakeClient(url);
  if (!gamelift.ok()) return gamelift.status();
  std::vector<double> rates;
  for (int round = 0; round <= kRounds; ++round) {  // the first warms up
    Status status;
    const double seconds = TimeOf([&] { status = BeatHearts(**gamelift, kCalls); });
    if (!status.ok()) return status;
    if (round > 0) rates.push_back(static_cast<double>(kCalls) / seconds);
  }
  return Median(rates);
}

StatusOr<std::string> PrepareSandbox(testing::AwsSandbox& sandbox) {
  const std::string url = sandbox.endpoints().services;
  const auto gamelift = MakeClient(url);
  if (!gamelift.ok()) return gamelift.status();
  const auto group = (*gamelift)->CreateGameServerGroup(
      {.game_server_group_name = "group",
       .role_arn = "arn:aws:iam::123456789012:role/r",
       .min_size = 1,
       .max_size = 1,
       .launch_template = {.launch_template_name = "template"},
       .instance_definitions = {{.instance_type = "c5.large"}, {.instance_type = "c5.xlarge"}}});
  if (!group.ok()) return group.status();
  sandbox.SetInstance("group", kInstance, std::string(aws::gamelift::kActive));
  const auto server = (*gamelift)->RegisterGameServer(
      {.game_server_group_name = "group", .game_server_id = "srv-1", .instance_id = kInstance});
  if (!server.ok()) return server.status();
  return url;
}

// Counters: bare_per_second (a server that answers at once), sandbox_per_second.
void AwsRequests(benchmark::State& state) {
  for (auto _ : state) {
    const auto bare = http::Server::Start(
        {.address = "127.0.0.1:0", .handler = [](const http::Request&) -> http::Response {
           return {.content_type = "application/x-amz-json-1.1", .body = kServer};
         }});
    const auto sandbox = testing::AwsSandbox::Start();
    if (!bare.ok() || !sandbox.ok()) return state.SkipWithError("no server");
    const auto url = PrepareSandbox(**sandbox);
    if (!url.ok()) return state.SkipWithError(url.status().ToString().c_str());
    const auto bare_rate = MeasureRate("http://127.0.0.1:" + std::to_string((*bare)->port()));
    const auto rate = MeasureRate(*url);
    if (!bare_rate.ok()) return state.SkipWithError(bare_rate.status().ToString().c_str());
    if (!rate.ok()) return state.SkipWithError(rate.status().ToString().c_str());
    state.SetIterationTime(1 / *rate);
    state.counters["sandbox_per_second"] = *rate;
    state.counters["bare_per_second"] = *bare_rate;
  }
}
// The time shown is that of one request to the sandbox.
BENCHMARK(AwsRequests)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace gsh::benchmarks
