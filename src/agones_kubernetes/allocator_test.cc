// The allocator on a fake API. What the real one does is in tests/conformance.
#include "gsh/agones_kubernetes/allocator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <nlohmann/json.hpp>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/agones/every_field.h"

namespace gsh::agones_kubernetes {
namespace {

using agones::GameServerSelector;
using agones::Priority;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;
using Json = nlohmann::json;

// What the API was asked, and what it is to answer, in order; the last answer again and again.
struct Script {
  std::vector<kubernetes::Request> requests;
  std::vector<Duration> pauses;
  std::deque<StatusOr<std::string>> answers;
  testing::ManualClock clock;
};

class FakeApi final : public kubernetes::Client {
 public:
  explicit FakeApi(Script& script) : script_(script) {}

  void CallAsync(kubernetes::Request request, CallOptions,
                 std::function<void(StatusOr<std::string>)> done) override {
    script_.requests.push_back(std::move(request));
    const auto answer = script_.answers.front();
    if (script_.answers.size() > 1) script_.answers.pop_front();
    done(answer);
  }
  void WatchAsync(kubernetes::WatchRequest, CallOptions,
                  std::function<bool(kubernetes::WatchEvent)>,
                  std::function<void(Status)>) override {
    FAIL() << "no watch is needed";
  }
  void PauseAsync(Duration delay, CallOptions options, std::function<void(Status)> done) override {
    script_.pauses.push_back(delay);
    script_.clock.Advance(delay);
    done(options.stop.stop_requested() ? CancelledError("stopped") : OkStatus());
  }
  Clock& clock() const override { return script_.clock; }

 private:
  Script& script_;
};

std::string InState(const std::string& state) {
  return Json{{"kind", "GameServerAllocation"}, {"status", {{"state", state}}}}.dump();
}

class KubernetesAllocatorTest : public ::testing::Test {
 protected:
  KubernetesAllocatorTest() {
    auto made = MakeAllocator(std::make_unique<FakeApi>(script_), {.rng = &longest_pause_});
    EXPECT_THAT(made, IsOk());
    allocator_ = *std::move(made);
  }
  void Answer(StatusOr<std::string> answer) { script_.answers.push_back(std::move(answer)); }

  testing::FixedRng longest_pause_{~0ULL};
  Script script_;
  std::unique_ptr<agones::Allocator> allocator_;
};

constexpr char kAllocated[] = R"({"status":{"state":"Allocated","gameServerName":"gs-1",
"ports":[{"name":"default","port":7001}],"address":"192.0.2.1",
"addresses":[{"type":"InternalIP","address":"10.0.0.1"}],"nodeName":"n1","source":"local",
"metadata":{"labels":{"a":"b"},"annotations":{"c":"d"}},
"counters":{"rooms":{"count":1,"capacity":2}},"lists":{"ids":{"values":["v"],"capacity":3}}}})";

TEST_F(KubernetesAllocatorTest, EveryFieldOfTheRequest) {
  Answer(std::string(kAllocated));
  agones::AllocationRequest request = agones::FullAllocationRequest();
  request.priorities.insert(request.priorities.begin(), Priority{.key = "rooms"});
  request.counters.at("rooms").amount = 0;  // which is not the same as none
  ASSERT_THAT(allocator_->Allocate(request), IsOk());
  ASSERT_EQ(script_.requests.size(), 1u);
  const kubernetes::Request& sent = script_.requests[0];
  EXPECT_EQ(sent.verb, kubernetes::Verb::kCreate);
  EXPECT_EQ(sent.resource.plural, "gameserverallocations");
  EXPECT_EQ(sent.ns, "games");
  EXPECT_EQ(Json::parse(sent.body), Json::parse(R"({
    "apiVersion": "allocation.agones.dev/v1", "kind": "GameServerAllocation",
    "spec": {
      "multiClusterSetting": {"enabled": true, "policySelector": {"matchLabels": {"cluster": "eu"}}},
      "selectors": [
        {"matchLabels": {"gsh.dev/allocation": "u-1"}, "gameServerState": "Allocated"},
        {"matchLabels": {"region": "us-east-1"},
         "players": {"minAvailable": 1, "maxAvailable": 8},
         "counters": {"rooms": {"minCount": 1, "maxCount": 2, "minAvailable": 3, "maxAvailable": 4}},
         "lists": {"ids": {"containsValue": "x", "minAvailable": 5, "maxAvailable": 6}}}],
      "scheduling": "Distributed",
      "priorities": [{"type": "Counter", "key": "rooms", "order": "Ascending"},
                     {"type": "List", "key": "ids", "order": "Descending"}],
      "metadata": {"labels": {"l": "1"}, "annotations": {"a": "2"}},
      "counters": {"rooms": {"action": "Increment", "amount": 0, "capacity": 9}},
      "lists": {"ids": {"addValues": ["p"], "deleteValues": ["q"], "capacity": 7}}}})"));
}

TEST_F(KubernetesAllocatorTest, EveryFieldOfTheAnswer) {
  Answer(std::string(kAllocated));
  const auto got = allocator_->Allocate({});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->game_server, "gs-1");
  EXPECT_EQ(*agones::ConnectionOf(*got), "192.0.2.1:7001");
  EXPECT_EQ(got->addresses.at(0).type, "InternalIP");
  EXPECT_EQ(got->addresses.at(0).address, "10.0.0.1");
  EXPECT_EQ(got->node, "n1");
  EXPECT_EQ(got->source, "local");
  EXPECT_EQ(got->labels.at("a"), "b");
  EXPECT_EQ(got->annotations.at("c"), "d");
  EXPECT_EQ(got->counters.at("rooms").count, 1);
  EXPECT_EQ(got->counters.at("rooms").capacity, 2);
  EXPECT_THAT(got->lists.at("ids").values, ElementsAre("v"));
  EXPECT_EQ(got->lists.at("ids").capacity, 3);
}

TEST_F(KubernetesAllocatorTest, NoServerIsSaidAtOnce) {
  Answer(InState("UnAllocated"));
  EXPECT_THAT(allocator_->Allocate({}),
              StatusIs(StatusCode::kResourceExhausted, HasSubstr("no available GameServer")));
  EXPECT_EQ(script_.requests.size(), 1u);
}

TEST_F(KubernetesAllocatorTest, ContentionIsRepeated) {
  Answer(InState("Contention"));
  Answer(Status(StatusCode::kInternal, "HTTP 500: could not update the selected GameServer"));
  Answer(std::string(kAllocated));
  EXPECT_THAT(allocator_->Allocate({}), IsOk());
  EXPECT_EQ(script_.requests.size(), 3u);
  EXPECT_EQ(script_.pauses.size(), 2u);
}

TEST_F(KubernetesAllocatorTest, ContentionThatStaysIsAborted) {
  Answer(InState("Contention"));
  EXPECT_THAT(allocator_->Allocate({}), StatusIs(StatusCode::kAborted));
  EXPECT_EQ(script_.requests.size(), 4u);
}

TEST_F(KubernetesAllocatorTest, NoRepeatBeyondTheDeadline) {
  Answer(InState("Contention"));
  EXPECT_THAT(allocator_->Allocate({}, {.timeout = std::chrono::milliseconds(50)}),
              StatusIs(StatusCode::kAborted));
  EXPECT_EQ(script_.requests.size(), 1u);
}

TEST_F(KubernetesAllocatorTest, OtherErrorsAreTheApis) {
  Answer(Status(StatusCode::kPermissionDenied, "forbidden"));
  EXPECT_THAT(allocator_->Allocate({}), StatusIs(StatusCode::kPermissionDenied));
  EXPECT_EQ(script_.requests.size(), 1u);
}

TEST_F(KubernetesAllocatorTest, WhatIsNoAllocationIsInternal) {
  for (const std::string answer : {"[]", "{}", R"({"status":{"state":"New"}})",
                                   R"({"status":{"state":"Allocated","ports":7}})"}) {
    script_.answers.assign(1, answer);
    EXPECT_THAT(allocator_->Allocate({}), StatusIs(StatusCode::kInternal)) << answer;
  }
}

TEST_F(KubernetesAllocatorTest, TextThatIsNotUtf8IsNotSent) {
  EXPECT_THAT(allocator_->Allocate({.labels = {{"k", "\xff"}}}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(script_.requests, IsEmpty());
}

TEST(MakeKubernetesAllocator, NeedsAClient) {
  EXPECT_THAT(MakeAllocator(nullptr), StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace gsh::agones_kubernetes
