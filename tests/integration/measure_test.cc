// gsh-ncat-client measures its latencies, as a real process against the sandbox's ping services.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gsh/openmatch/frontend.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/support/running_program.h"

namespace gsh {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::RunningProgram;

constexpr char kClosed[] = "127.0.0.1:1";  // nobody listens there

class MeasureTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto sandbox = testing::Sandbox::Start({.dir = dir_.string(), .insecure = true, .replicas = 0});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
    auto frontend = openmatch::MakeFrontend(
        {.client = {.endpoint = sandbox_->endpoints().frontend, .tls = {.insecure = true}}});
    ASSERT_THAT(frontend, IsOk());
    frontend_ = *std::move(frontend);
  }

  std::vector<std::string> Args(std::vector<std::string> more) const {
    std::vector<std::string> args = {"--insecure", "-frontend", sandbox_->endpoints().frontend};
    args.insert(args.end(), more.begin(), more.end());
    return args;
  }

  // The latencies in the ticket of a client that was started so.
  std::map<std::string, double> LatenciesOf(std::vector<std::string> args) {
    RunningProgram client({.program = "gsh-ncat-client", .args = Args(std::move(args))});
    const std::string start = "Ticket ID: ";
    std::string id;
    EXPECT_TRUE(client.WaitForLine([&](const std::string& line) {
      const std::size_t at = line.find(start);
      if (at != line.npos) id = line.substr(at + start.size());
      return at != line.npos;
    })) << client.Output();
    output_ = client.Output();
    const auto ticket = frontend_->GetTicket(id);
    EXPECT_THAT(ticket, IsOk());
    client.Signal(SIGTERM);
    EXPECT_NE(client.Wait(), -1);
    return ticket.ok() ? ticket->search_fields.double_args : std::map<std::string, double>();
  }

  const testing::TemporaryDirectory dir_;
  std::unique_ptr<testing::Sandbox> sandbox_;
  std::unique_ptr<openmatch::Frontend> frontend_;
  std::string output_;
};

TEST_F(MeasureTest, TheTicketHasWhatWasMeasured) {
  sandbox_->SetPingDelay("us-east-2", 40ms);
  const auto& endpoints = sandbox_->endpoints();
  const auto latencies = LatenciesOf(
      {"-latencyRegion1", "77", "--measure", "us-east-1=" + endpoints.ping_udp.at("us-east-1"),
       "--measure", "us-east-2=http://" + endpoints.ping_http.at("us-east-2")});
  ASSERT_EQ(latencies.size(), 2u) << output_;
  EXPECT_NE(latencies.at("latency-us-east-1"), 77);
  EXPECT_GT(latencies.at("latency-us-east-1"), 0);
  EXPECT_GE(latencies.at("latency-us-east-2"), 40);
  EXPECT_THAT(output_, HasSubstr("Latency to us-east-1: "));
}

TEST_F(MeasureTest, ARegionThatDoesNotAnswerHasTheGivenValueOrNone) {
  const std::string there = "us-east-1=" + sandbox_->endpoints().ping_udp.at("us-east-1");
  const auto latencies =
      LatenciesOf({"--measure", there, "--measure", std::string("eu=") + kClosed, "--measure",
                   std::string("asia=http://") + kClosed, "--latency", "eu=55"});
  EXPECT_EQ(latencies.size(), 2u) << output_;
  EXPECT_EQ(latencies.at("latency-eu"), 55);
  EXPECT_THAT(output_, HasSubstr("could not be measured"));
}

TEST_F(MeasureTest, NoAnswerAtAllIsAFailure) {
  const auto none = testing::RunToEnd(
      {.program = "gsh-ncat-client", .args = Args({"--measure", std::string("eu=") + kClosed})});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.output, HasSubstr("no region answered"));
  const auto bad =
      testing::RunToEnd({.program = "gsh-ncat-client", .args = Args({"--measure", "eu=nowhere"})});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.output, HasSubstr("--measure"));
}

}  // namespace
}  // namespace gsh
