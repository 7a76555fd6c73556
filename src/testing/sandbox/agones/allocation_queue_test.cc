#include "src/testing/sandbox/agones/allocation_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>

#include "src/testing/sandbox/agones/test_cluster.h"

namespace gsh::sandbox {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using wire_allocation::AllocationRequest;
using wire_allocation::AllocationResponse;
using wire_allocation::GameServerSelector;

struct Result {
  grpc::Status status;
  AllocationResponse response;
};

class AllocationQueueTest : public ::testing::Test {
 protected:
  void MakeQueue(Duration wait) {
    queue_ = std::make_unique<AllocationQueue>(
        test_.cluster, AllocationQueueOptions{.batch_wait = wait,
                                              .clock = &test_.clock,
                                              .rng = &test_.rng,
                                              .executor = InlineExecutor()});
  }

  // The answer, once it is there.
  std::shared_ptr<std::optional<Result>> Submit(AllocationRequest request) {
    auto result = std::make_shared<std::optional<Result>>();
    queue_->Submit(std::make_shared<const AllocationRequest>(std::move(request)),
                   [result](const grpc::Status& status, AllocationResponse response) {
                     EXPECT_FALSE(result->has_value());
                     result->emplace(Result{status, std::move(response)});
                   });
    return result;
  }

  // Without batching.
  Result Allocate(AllocationRequest request) {
    if (queue_ == nullptr) MakeQueue(Duration::zero());
    return Submit(std::move(request))->value();
  }

  static AllocationRequest Request(
      const std::map<std::string, std::string>& labels = {},
      GameServerSelector::GameServerState state = GameServerSelector::READY) {
    AllocationRequest request;
    request.set_namespace_("default");
    AddSelector(request, labels, state);
    return request;
  }

  static GameServerSelector& AddSelector(
      AllocationRequest& request, const std::map<std::string, std::string>& labels,
      GameServerSelector::GameServerState state = GameServerSelector::READY) {
    GameServerSelector& selector = *request.add_gameserverselectors();
    selector.mutable_matchlabels()->insert(labels.begin(), labels.end());
    selector.set_gameserverstate(state);
    return selector;
  }

  void ExpectNone(const Result& result) {
    EXPECT_EQ(result.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(result.status.error_message(), "there is no available GameServer to allocate");
  }

  void ExpectInvalid(AllocationRequest request, const std::string& text) {
    const Result result = Allocate(std::move(request));
    EXPECT_EQ(static_cast<int>(result.status.error_code()), 422);
    EXPECT_THAT(result.status.error_message(), HasSubstr(text));
  }

  void Change(const std::string& name, const std::function<void(GameServer&)>& change) {
    test_.cluster->Update(name, [&](GameServer& server) {
      change(server);
      return true;
    });
  }

  TestCluster test_;
  std::unique_ptr<AllocationQueue> queue_;
};

TEST_F(AllocationQueueTest, TakesAReadyServerOfTheRegion) {
  test_.Add("east", State::kReady, {{"region", "us-east-1"}});
  test_.Add("west", State::kReady, {{"region", "us-west-1"}});
  AllocationRequest request = Request({{"region", "us-west-1"}});
  (*request.mutable_metadata()->mutable_labels())["gsh.dev/allocation"] = "id-1";
  (*request.mutable_metadata()->mutable_annotations())["gsh.dev/match"] = "m 1";
  const Result result = Allocate(request);
  ASSERT_TRUE(result.status.ok()) << result.status.error_message();
  EXPECT_EQ(result.response.gameservername(), "west");
  EXPECT_EQ(result.response.address(), "127.0.0.1");
  ASSERT_EQ(result.response.ports_size(), 1);
  EXPECT_EQ(result.response.ports(0).name(), "default");
  EXPECT_EQ(result.response.ports(0).port(), 7000);
  EXPECT_EQ(result.response.source(), "local");
  EXPECT_EQ(result.response.metadata().labels().at("gsh.dev/allocation"), "id-1");
  EXPECT_EQ(result.response.metadata().annotations().at("gsh.dev/match"), "m 1");
  EXPECT_EQ(result.response.metadata().annotations().count(kLastAllocatedAnnotation), 1u);
  EXPECT_EQ(test_.StateOf("west"), State::kAllocated);
  EXPECT_EQ(test_.StateOf("east"), State::kReady);
  ExpectNone(Allocate(request));
}

TEST_F(AllocationQueueTest, OnlyReadyServers) {
  for (const State state : {State::kScheduled, State::kRequestReady, State::kReserved,
                            State::kAllocated, State::kShutdown, State::kUnhealthy}) {
    test_.Add(std::string("in-") + std::string(StateName(state)), state);
  }
  ExpectNone(Allocate(Request()));
}

TEST_F(AllocationQueueTest, OnlyInTheNamespace) {
  test_.Add("a", State::kReady);
  AllocationRequest request = Request();
  request.set_namespace_("elsewhere");
  ExpectNone(Allocate(request));
}

TEST_F(AllocationQueueTest, SelectorsInOrder) {
  test_.Add("first", State::kReady, {{"pool", "ONE"}});
  test_.Add("second", State::kReady, {{"pool", "TWO"}});
  AllocationRequest request = Request({{"pool", "TWO"}});
  AddSelector(request, {{"pool", "ONE"}});
  EXPECT_EQ(Allocate(request).response.gameservername(), "second");
  EXPECT_EQ(Allocate(request).response.gameservername(), "first");
  ExpectNone(Allocate(request));
}

TEST_F(AllocationQueueTest, OlderSelectors) {
  test_.Add("first", State::kReady, {{"pool", "ONE"}});
  test_.Add("second", State::kReady, {{"pool", "TWO"}});
  AllocationRequest request;
  request.set_namespace_("default");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  (*request.mutable_requiredgameserverselector()->mutable_matchlabels())["pool"] = "ONE";
  (*request.add_preferredgameserverselectors()->mutable_matchlabels())["pool"] = "TWO";
#pragma GCC diagnostic pop
  EXPECT_EQ(Allocate(request).response.gameservername(), "second");
  EXPECT_EQ(Allocate(request).response.gameservername(), "first");
}

// What the director relies on: a repeat with the same identity finds the same server.
TEST_F(AllocationQueueTest, RepeatWithAnIdentityFindsTheSameServer) {
  test_.Add("a", State::kReady, {{"region", "x"}});
  test_.Add("b", State::kReady, {{"region", "x"}});
  AllocationRequest request =
      Request({{"gsh.dev/allocation", "id-1"}}, GameServerSelector::ALLOCATED);
  AddSelector(request, {{"region", "x"}});
  (*request.mutable_metadata()->mutable_labels())["gsh.dev/allocation"] = "id-1";
  const std::string first = Allocate(request).response.gameservername();
  EXPECT_EQ(Allocate(request).response.gameservername(), first);
  EXPECT_EQ(test_.Count(State::kReady), 1u);

  // Giving it back: metadata reaches a server that is Allocated already.
  AllocationRequest release =
      Request({{"gsh.dev/allocation", "id-1"}}, GameServerSelector::ALLOCATED);
  (*release.mutable_metadata()->mutable_annotations())["gsh.dev/release"] = "true";
  EXPECT_EQ(Allocate(release).response.gameservername(), first);
  EXPECT_EQ(test_.cluster->Get(first)->annotations.at("gsh.dev/release"), "true");
}

// Agones has looked anew by the time that an answer has reached its caller.
TEST_F(AllocationQueueTest, WhoIsAnsweredAndRepeatsFindsTheSameServer) {
  for (const Duration wait : {Duration::zero(), Duration(milliseconds(500))}) {
    MakeQueue(wait);
    test_.Add("a" + std::to_string(wait.count()), State::kReady, {{"region", "x"}});
    test_.Add("b" + std::to_string(wait.count()), State::kReady, {{"region", "x"}});
    const std::string identity = "id-" + std::to_string(wait.count());
    AllocationRequest request =
        Request({{"gsh.dev/allocation", identity}}, GameServerSelector::ALLOCATED);
    AddSelector(request, {{"region", "x"}});
    (*request.mutable_metadata()->mutable_labels())["gsh.dev/allocation"] = identity;
    std::string first;
    std::shared_ptr<std::optional<Result>> again;
    queue_->Submit(std::make_shared<const AllocationRequest>(request),
                   [&](const grpc::Status&, AllocationResponse response) {
                     first = response.gameservername();
                     again = Submit(request);
                   });
    test_.clock.Advance(wait);
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->has_value(), wait == Duration::zero()) << "the next look serves it";
    test_.clock.Advance(wait);
    EXPECT_EQ(again->value().response.gameservername(), first);
  }
}

TEST_F(AllocationQueueTest, TwoAtOnceWithOneIdentityGetTwoServers) {
  MakeQueue(milliseconds(500));
  test_.Add("a", State::kReady, {{"region", "x"}});
  test_.Add("b", State::kReady, {{"region", "x"}});
  AllocationRequest request =
      Request({{"gsh.dev/allocation", "id-1"}}, GameServerSelector::ALLOCATED);
  AddSelector(request, {{"region", "x"}});
  (*request.mutable_metadata()->mutable_labels())["gsh.dev/allocation"] = "id-1";
  const auto first = Submit(request);
  const auto second = Submit(request);
  test_.clock.Advance(milliseconds(500));
  EXPECT_NE(first->value().response.gameservername(), second->value().response.gameservername());
}

TEST_F(AllocationQueueTest, ServesABatchAtItsEnd) {
  MakeQueue(milliseconds(500));
  for (const char* name : {"a", "b"}) test_.Add(name, State::kReady);
  test_.clock.Advance(milliseconds(100));
  const auto first = Submit(Request());
  test_.clock.Advance(milliseconds(300));
  const auto second = Submit(Request());
  const auto third = Submit(Request());
  test_.clock.Advance(milliseconds(99));
  EXPECT_FALSE(first->has_value());
  test_.clock.Advance(milliseconds(1));
  ASSERT_TRUE(first->has_value() && second->has_value() && third->has_value());
  EXPECT_THAT(
      (std::vector{(*first)->response.gameservername(), (*second)->response.gameservername()}),
      UnorderedElementsAre("a", "b"));
  ExpectNone(**third);

  // The next one waits for the next look.
  const auto fourth = Submit(Request());
  test_.clock.Advance(milliseconds(499));
  EXPECT_FALSE(fourth->has_value());
  test_.clock.Advance(milliseconds(1));
  EXPECT_TRUE(fourth->has_value());
}

// What a `done` uses may go when the queue has stopped.
TEST_F(AllocationQueueTest, StopWaitsForTheRequestThatIsBeingServed) {
  queue_ = std::make_unique<AllocationQueue>(
      test_.cluster, AllocationQueueOptions{
                         .batch_wait = Duration::zero(), .clock = &test_.clock, .rng = &test_.rng});
  std::promise<void> serving;
  std::promise<void> stopping;
  std::atomic<bool> served = false;
  const auto request = std::make_shared<const AllocationRequest>(Request());
  queue_->Submit(request, [&](const grpc::Status&, AllocationResponse) {
    serving.set_value();
    stopping.get_future().wait();
    served = true;
  });
  serving.get_future().wait();
  queue_->Submit(request, [&](const grpc::Status& status, AllocationResponse) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
    stopping.set_value();
  });
  queue_->Stop();
  EXPECT_TRUE(served);
}

TEST_F(AllocationQueueTest, StopEndsWhatWaits) {
  MakeQueue(milliseconds(500));
  const auto waiting = Submit(Request());
  queue_->Stop();
  EXPECT_EQ(waiting->value().status.error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(Submit(Request())->value().status.error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(AllocationQueueTest, LooksAnewAfterServersChanged) {
  MakeQueue(milliseconds(500));
  test_.Add("a", State::kReady);
  const auto first = Submit(Request());
  test_.SetState("a", State::kShutdown);
  test_.Add("b", State::kReady);
  test_.clock.Advance(milliseconds(500));
  EXPECT_EQ(first->value().response.gameservername(), "b");
}

TEST_F(AllocationQueueTest, InvalidRequestsAre422) {
  test_.Add("a", State::kReady);
  AllocationRequest request = Request();
  (*request.mutable_metadata()->mutable_labels())["key"] = "not valid";
  ExpectInvalid(request, "spec.metadata.labels: Invalid value: \"not valid\"");
  request = Request();
  (*request.mutable_metadata()->mutable_annotations())["no blanks"] = "any thing";
  ExpectInvalid(request, "spec.metadata.annotations");
  request = Request();
  (*request.mutable_metadata()->mutable_annotations())["key"] = std::string(256 * 1024, 'x');
  ExpectInvalid(request, "262144");
  ExpectInvalid(Request({{"region", "not valid"}}), "spec.selectors[0]");
  request = Request();
  (*AddSelector(request, {}).mutable_counters())["rooms"].set_mincount(-1);
  ExpectInvalid(request, "spec.selectors[1].counters[rooms].minCount");
  request = Request();
  (*request.mutable_counters())["rooms"].mutable_action()->set_value("Increment");
  ExpectInvalid(request, "spec.counters[rooms]");
  request = Request();
  request.add_priorities();
  ExpectInvalid(request, "spec.priorities[0]");
  EXPECT_EQ(test_.StateOf("a"), State::kReady);
}

TEST_F(AllocationQueueTest, CounterSelectors) {
  test_.Add("none", State::kReady);
  test_.Add("some", State::kReady);
  Change("some",
         [](GameServer& server) { server.counters["rooms"] = {.count = 4, .capacity = 10}; });
  const auto with = [](std::int64_t min, std::int64_t max, std::int64_t min_free,
                       std::int64_t max_free) {
    AllocationRequest request;
    request.set_namespace_("default");
    auto& wanted = (*AddSelector(request, {}).mutable_counters())["rooms"];
    wanted.set_mincount(min);
    wanted.set_maxcount(max);
    wanted.set_minavailable(min_free);
    wanted.set_maxavailable(max_free);
    return request;
  };
  ExpectNone(Allocate(with(5, 0, 0, 0)));
  ExpectNone(Allocate(with(0, 3, 0, 0)));
  ExpectNone(Allocate(with(0, 0, 7, 0)));
  ExpectNone(Allocate(with(0, 0, 0, 5)));
  EXPECT_EQ(Allocate(with(4, 4, 6, 6)).response.gameservername(), "some");
}

TEST_F(AllocationQueueTest, ListSelectors) {
  test_.Add("a", State::kReady);
  Change("a",
         [](GameServer& server) { server.lists["maps"] = {.values = {"desert"}, .capacity = 3}; });
  const auto with = [](const std::string& value, std::int64_t min_free) {
    AllocationRequest request;
    request.set_namespace_("default");
    auto& wanted = (*AddSelector(request, {}).mutable_lists())["maps"];
    wanted.set_containsvalue(value);
    wanted.set_minavailable(min_free);
    return request;
  };
  ExpectNone(Allocate(with("ice", 0)));
  ExpectNone(Allocate(with("desert", 3)));
  EXPECT_EQ(Allocate(with("desert", 2)).response.gameservername(), "a");
}

TEST_F(AllocationQueueTest, PlayerSelectors) {
  test_.Add("a", State::kReady);
  Change("a", [](GameServer& server) {
    server.players.capacity = 8;
    server.players.count = 5;
  });
  const auto with = [](std::uint64_t min, std::uint64_t max) {
    AllocationRequest request;
    request.set_namespace_("default");
    auto& players = *AddSelector(request, {}).mutable_players();
    players.set_minavailable(min);
    players.set_maxavailable(max);
    return request;
  };
  ExpectNone(Allocate(with(4, 8)));
  ExpectNone(Allocate(with(1, 2)));
  EXPECT_EQ(Allocate(with(3, 3)).response.gameservername(), "a");
}

TEST_F(AllocationQueueTest, PackedTakesTheServerWithTheLeastRoom) {
  test_.Add("a", State::kReady);
  test_.Add("b", State::kReady);
  Change("a", [](GameServer& server) { server.players.capacity = 8; });
  Change("b", [](GameServer& server) { server.players.capacity = 4; });
  EXPECT_EQ(Allocate(Request()).response.gameservername(), "b");
}

TEST_F(AllocationQueueTest, PackedFillsTheFullestNode) {
  test_.Add("a", State::kReady);
  test_.Add("b", State::kReady);
  test_.Add("c", State::kAllocated);
  Change("a", [](GameServer& server) { server.node = "n1"; });
  Change("b", [](GameServer& server) { server.node = "n2"; });
  Change("c", [](GameServer& server) { server.node = "n2"; });
  EXPECT_EQ(Allocate(Request()).response.gameservername(), "b");
}

TEST_F(AllocationQueueTest, Priorities) {
  for (const auto& [name, free] : std::map<std::string, int>{{"a", 5}, {"b", 2}, {"c", 9}}) {
    test_.Add(name, State::kReady);
    Change(name, [&](GameServer& server) { server.counters["rooms"].capacity = free; });
  }
  test_.Add("0-without", State::kReady);
  for (const auto scheduling : {AllocationRequest::Packed, AllocationRequest::Distributed}) {
    AllocationRequest request = Request();
    request.set_scheduling(scheduling);
    request.add_priorities()->set_key("rooms");
    EXPECT_EQ(Allocate(request).response.gameservername(), "b");
    request.mutable_priorities(0)->set_order(wire_allocation::Priority::Descending);
    EXPECT_EQ(Allocate(request).response.gameservername(), "c");
    test_.SetState("b", State::kReady);
    test_.SetState("c", State::kReady);
  }
}

TEST_F(AllocationQueueTest, DistributedTakesAny) {
  std::map<std::string, int> taken;
  for (int i = 0; i < 10; ++i) test_.Add("gs-" + std::to_string(i), State::kReady);
  AllocationRequest request = Request();
  request.set_scheduling(AllocationRequest::Distributed);
  for (int i = 0; i < 50; ++i) {
    const std::string name = Allocate(request).response.gameservername();
    ++taken[name];
    test_.SetState(name, State::kReady);
  }
  EXPECT_GT(taken.size(), 5u);
}

TEST_F(AllocationQueueTest, CounterAndListActions) {
  test_.Add("a", State::kReady);
  Change("a", [](GameServer& server) {
    server.counters["rooms"] = {.count = 1, .capacity = 3};
    server.lists["players"] = {.values = {"x", "y"}, .capacity = 3};
  });
  AllocationRequest request = Request();
  auto& counter = (*request.mutable_counters())["rooms"];
  counter.mutable_action()->set_value("Increment");
  counter.mutable_amount()->set_value(5);
  (*request.mutable_counters())["missing"].mutable_capacity()->set_value(1);
  auto& list = (*request.mutable_lists())["players"];
  for (const char* value : {"y", "z", "w"}) list.add_addvalues(value);
  list.add_deletevalues("x");
  const Result result = Allocate(request);
  EXPECT_EQ(result.response.counters().at("rooms").count().value(), 3) << "cut at the capacity";
  EXPECT_EQ(result.response.counters().size(), 1u);
  EXPECT_THAT(result.response.lists().at("players").values(), ElementsAre("y", "z"));
}

}  // namespace
}  // namespace gsh::sandbox
