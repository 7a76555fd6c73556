// The allocator over real sockets, against a scripted service. What the real one does is in
// tests/conformance.
#include "gsh/agones_rest/allocator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/agones_rest/scripted_http.h"

namespace gsh::agones_rest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

constexpr char kAllocate[] = "POST /gameserverallocation";

class RestAllocatorTest : public ::testing::Test {
 protected:
  RestAllocatorTest() { allocator_ = Make({.client = {.endpoint = service_.endpoint()}}); }

  std::unique_ptr<agones::Allocator> Make(agones::AllocatorOptions options) {
    options.client.tls = {.insecure = true};
    options.client.rng = &rng_;
    auto allocator = agones_rest::MakeAllocator(std::move(options));
    EXPECT_THAT(allocator, IsOk());
    return std::move(allocator).value();
  }
  void Refuse(int http_code, int code, const std::string& message) {
    service_.Answer(kAllocate,
                    {.code = http_code,
                     .content_type = "application/json",
                     .body = nlohmann::json{{"code", code}, {"message", message}}.dump()});
  }

  testing::FixedRng rng_{0};  // no pauses
  ScriptedHttp service_;
  std::unique_ptr<agones::Allocator> allocator_;
};

TEST_F(RestAllocatorTest, SendsWhatIsAskedForAndReadsTheAnswer) {
  service_.Answer(kAllocate,
                  R"({"gameServerName":"gs-1","ports":[{"name":"default","port":7001}],
"address":"192.0.2.1","addresses":[{"type":"InternalIP","address":"10.0.0.1"}],"nodeName":"n1",
"source":"local","metadata":{"labels":{"a":"b"},"annotations":{"c":"d"}},
"counters":{"rooms":{"count":"1","capacity":"2"}},"lists":{"ids":{"values":["v"],"capacity":"3"}}})");
  const auto got = allocator_->Allocate({.selectors = {{.match_labels = {{"region", "eu"}}}}});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->game_server, "gs-1");
  EXPECT_EQ(*ConnectionOf(*got), "192.0.2.1:7001");
  EXPECT_EQ(got->addresses.at(0).address, "10.0.0.1");
  EXPECT_EQ(got->node, "n1");
  EXPECT_EQ(got->source, "local");
  EXPECT_EQ(got->labels.at("a"), "b");
  EXPECT_EQ(got->annotations.at("c"), "d");
  EXPECT_EQ(got->counters.at("rooms").capacity, 2);
  EXPECT_THAT(got->lists.at("ids").values, ElementsAre("v"));
  EXPECT_THAT(service_.calls(),
              ElementsAre(std::string(kAllocate) +
                          R"( {"gameServerSelectors":[{"matchLabels":{"region":"eu"}}],)"
                          R"("namespace":"default"})"));
}

TEST_F(RestAllocatorTest, CodesAreTheAllocatorsOwn) {
  Refuse(429, 8, "there is no available GameServer to allocate");
  EXPECT_THAT(allocator_->Allocate({}),
              StatusIs(StatusCode::kResourceExhausted, HasSubstr("no available")));
  Refuse(500, 2, "no multi-cluster allocation policy is specified");
  EXPECT_THAT(allocator_->Allocate({}), StatusIs(StatusCode::kUnknown));
  Refuse(500, 422, "invalid label");
  const auto invalid = allocator_->Allocate({});
  EXPECT_THAT(invalid, StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(invalid.status().info()->name, "422");
  EXPECT_EQ(service_.Count(kAllocate), 3) << "none of these is repeated";
}

TEST_F(RestAllocatorTest, OnlyContentionIsRepeated) {
  Refuse(500, 2, "could not update the selected GameServer");
  EXPECT_THAT(allocator_->Allocate({}), StatusIs(StatusCode::kAborted));
  EXPECT_EQ(service_.Count(kAllocate), 4);
  Refuse(503, 14, "lost");
  EXPECT_THAT(allocator_->Allocate({}), StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(service_.Count(kAllocate), 5);
}

TEST_F(RestAllocatorTest, AnotherEndpointServesWhenOneIsGone) {
  ScriptedHttp gone;
  const std::string dead = gone.endpoint();
  gone.Stop();
  service_.Answer(kAllocate, R"({"gameServerName":"gs-2"})");
  const auto both = Make({.client = {.endpoint = dead}, .endpoints = {service_.endpoint()}});
  const auto got = both->Allocate({});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->game_server, "gs-2");
}

TEST_F(RestAllocatorTest, TextThatIsNotUtf8IsNotSent) {
  EXPECT_THAT(allocator_->Allocate({.labels = {{"k", "\xff"}}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("UTF-8")));
  EXPECT_EQ(service_.Count(kAllocate), 0);
}

TEST_F(RestAllocatorTest, NonsenseIsInternal) {
  service_.Answer(kAllocate, "[]");
  EXPECT_THAT(allocator_->Allocate({}), StatusIs(StatusCode::kInternal));
}

TEST(MakeRestAllocator, NamesEveryMistake) {
  EXPECT_THAT(MakeAllocator({.connect_timeout = Duration(0)}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("connect_timeout")));
}

}  // namespace
}  // namespace gsh::agones_rest
