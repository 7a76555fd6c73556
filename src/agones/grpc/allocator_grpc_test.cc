// The allocator over real sockets, against a scripted service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <optional>

#include "gsh/agones/allocator.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/agones/every_field.h"
#include "src/proto/agones.h"

namespace gsh::agones {
namespace {

namespace wire = ::gsh::wire_allocation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Pair;
using testing::StatusIs;
using ::testing::UnorderedElementsAre;

// Answers with what was scripted, in order; the last one again and again.
class ScriptedAllocator final : public wire::AllocationService::Service {
 public:
  void Answer(grpc::Status status, wire::AllocationResponse response = {}) {
    std::lock_guard lock(mutex_);
    answers_.emplace_back(std::move(status), std::move(response));
  }
  void Refuse(int code, const std::string& text) {
    Answer(grpc::Status(static_cast<grpc::StatusCode>(code), text));
  }
  std::vector<wire::AllocationRequest> requests() {
    std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  grpc::Status Allocate(grpc::ServerContext*, const wire::AllocationRequest* request,
                        wire::AllocationResponse* response) override {
    std::lock_guard lock(mutex_);
    requests_.push_back(*request);
    const auto answer = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    *response = answer.second;
    return answer.first;
  }

  std::mutex mutex_;
  std::deque<std::pair<grpc::Status, wire::AllocationResponse>> answers_;
  std::vector<wire::AllocationRequest> requests_;
};

class AllocatorGrpcTest : public ::testing::Test {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    allocator_ = Make({});
  }
  std::unique_ptr<Allocator> Make(RetryOptions retry) {
    retry.initial_backoff = std::chrono::milliseconds(1);
    auto allocator = MakeAllocator({.client = {.endpoint = "127.0.0.1:" + std::to_string(port_),
                                               .tls = {.insecure = true},
                                               .retry = retry,
                                               .rng = &rng_}});
    EXPECT_THAT(allocator, IsOk());
    return std::move(allocator).value();
  }

  testing::FixedRng rng_{0};  // no pauses
  ScriptedAllocator service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Allocator> allocator_;
};

TEST_F(AllocatorGrpcTest, SendsEveryField) {
  service_.Answer(grpc::Status::OK);
  ASSERT_THAT(allocator_->Allocate(FullAllocationRequest()), IsOk());
  const wire::AllocationRequest sent = service_.requests().at(0);
  EXPECT_EQ(sent.namespace_(), "games");
  EXPECT_TRUE(sent.multiclustersetting().enabled());
  EXPECT_EQ(sent.multiclustersetting().policyselector().matchlabels().at("cluster"), "eu");
  ASSERT_EQ(sent.gameserverselectors_size(), 2);
  EXPECT_EQ(sent.gameserverselectors(0).gameserverstate(), wire::GameServerSelector::ALLOCATED);
  EXPECT_EQ(sent.gameserverselectors(0).matchlabels().at("gsh.dev/allocation"), "u-1");
  const wire::GameServerSelector& second = sent.gameserverselectors(1);
  EXPECT_EQ(second.gameserverstate(), wire::GameServerSelector::READY);
  EXPECT_EQ(second.players().minavailable(), 1u);
  EXPECT_EQ(second.players().maxavailable(), 8u);
  EXPECT_EQ(second.counters().at("rooms").mincount(), 1);
  EXPECT_EQ(second.counters().at("rooms").maxcount(), 2);
  EXPECT_EQ(second.counters().at("rooms").minavailable(), 3);
  EXPECT_EQ(second.counters().at("rooms").maxavailable(), 4);
  EXPECT_EQ(second.lists().at("ids").containsvalue(), "x");
  EXPECT_EQ(second.lists().at("ids").minavailable(), 5);
  EXPECT_EQ(second.lists().at("ids").maxavailable(), 6);
  EXPECT_EQ(sent.scheduling(), wire::AllocationRequest::Distributed);
  EXPECT_EQ(sent.priorities(0).type(), wire::Priority::List);
  EXPECT_EQ(sent.priorities(0).key(), "ids");
  EXPECT_EQ(sent.priorities(0).order(), wire::Priority::Descending);
  EXPECT_EQ(sent.metadata().labels().at("l"), "1");
  EXPECT_EQ(sent.metadata().annotations().at("a"), "2");
  EXPECT_EQ(sent.counters().at("rooms").action().value(), "Increment");
  EXPECT_EQ(sent.counters().at("rooms").amount().value(), 1);
  EXPECT_EQ(sent.counters().at("rooms").capacity().value(), 9);
  EXPECT_EQ(sent.lists().at("ids").addvalues(0), "p");
  EXPECT_EQ(sent.lists().at("ids").deletevalues(0), "q");
  EXPECT_EQ(sent.lists().at("ids").capacity().value(), 7);
}

TEST_F(AllocatorGrpcTest, SendsNothingThatWasNotSet) {
  service_.Answer(grpc::Status::OK);
  ASSERT_THAT(allocator_->Allocate({.counters = {{"rooms", {}}}}), IsOk());
  const wire::AllocationRequest sent = service_.requests().at(0);
  EXPECT_EQ(sent.namespace_(), "default");
  EXPECT_FALSE(sent.has_multiclustersetting());
  EXPECT_FALSE(sent.has_metadata());
  EXPECT_FALSE(sent.counters().at("rooms").has_action());
  EXPECT_FALSE(sent.counters().at("rooms").has_amount());
}

TEST_F(AllocatorGrpcTest, ReadsEveryField) {
  wire::AllocationResponse answer;
  answer.set_gameservername("ncat-pool2-zr5xn-nc9cz");
  auto* port = answer.add_ports();
  port->set_name("default");
  port->set_port(7256);
  answer.set_address("ec2.example");
  auto* address = answer.add_addresses();
  address->set_type("InternalIP");
  address->set_address("10.0.0.7");
  answer.set_nodename("node-1");
  answer.set_source("local");
  (*answer.mutable_metadata()->mutable_labels())["region"] = "eu";
  (*answer.mutable_metadata()->mutable_annotations())["note"] = "n";
  auto& counter = (*answer.mutable_counters())["rooms"];
  counter.mutable_count()->set_value(3);
  counter.mutable_capacity()->set_value(4);
  auto& list = (*answer.mutable_lists())["ids"];
  list.add_values("p");
  list.mutable_capacity()->set_value(5);
  service_.Answer(grpc::Status::OK, answer);

  const auto got = allocator_->Allocate({});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->game_server, "ncat-pool2-zr5xn-nc9cz");
  EXPECT_EQ(*ConnectionOf(*got), "ec2.example:7256");
  ASSERT_EQ(got->addresses.size(), 1u);
  EXPECT_EQ(got->addresses[0].type, "InternalIP");
  EXPECT_EQ(got->addresses[0].address, "10.0.0.7");
  EXPECT_EQ(got->node, "node-1");
  EXPECT_EQ(got->source, "local");
  EXPECT_THAT(got->labels, UnorderedElementsAre(Pair("region", "eu")));
  EXPECT_THAT(got->annotations, UnorderedElementsAre(Pair("note", "n")));
  EXPECT_EQ(got->counters.at("rooms").count, 3);
  EXPECT_EQ(got->counters.at("rooms").capacity, 4);
  EXPECT_THAT(got->lists.at("ids").values, ElementsAre("p"));
  EXPECT_EQ(got->lists.at("ids").capacity, 5);
}

TEST_F(AllocatorGrpcTest, ContentionIsTriedAgain) {
  service_.Refuse(10, "too many concurrent requests have overwhelmed the system");
  service_.Refuse(2, "could not update the selected GameServer");
  wire::AllocationResponse answer;
  answer.set_gameservername("gs");
  service_.Answer(grpc::Status::OK, answer);
  const auto got = allocator_->Allocate({});
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->game_server, "gs");
  EXPECT_EQ(service_.requests().size(), 3u);
}

TEST_F(AllocatorGrpcTest, ContentionThatStaysSaysHowOftenItWasTried) {
  service_.Refuse(10, "busy");
  const auto got = Make({.max_attempts = 3})->Allocate({});
  EXPECT_THAT(got, StatusIs(StatusCode::kAborted, "busy"));
  ASSERT_NE(got.status().info(), nullptr);
  EXPECT_EQ(got.status().info()->attempts, 3);
  EXPECT_EQ(got.status().info()->retry_stop, RetryStop::kExhausted);
  EXPECT_EQ(got.status().info()->operation, "Allocate");
  EXPECT_EQ(service_.requests().size(), 3u);
}

TEST_F(AllocatorGrpcTest, WhatMayHaveHappenedIsNotRepeated) {
  service_.Refuse(14, "connection lost");
  const auto got = allocator_->Allocate({});
  EXPECT_THAT(got, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(got.status().info()->retry_stop, RetryStop::kNotIdempotent);
  EXPECT_EQ(service_.requests().size(), 1u);
}

TEST_F(AllocatorGrpcTest, PermanentAnswersAreNotRepeated) {
  service_.Refuse(8, "there is no available GameServer to allocate");
  service_.Refuse(2, "no multi-cluster allocation policy is specified");
  service_.Refuse(422, "invalid label value");
  EXPECT_THAT(allocator_->Allocate({}), StatusIs(StatusCode::kResourceExhausted));
  EXPECT_THAT(allocator_->Allocate({}), StatusIs(StatusCode::kUnknown, HasSubstr("policy")));
  const auto refused = allocator_->Allocate({});
  EXPECT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, HasSubstr("invalid label value")));
  EXPECT_EQ(refused.status().info()->name, "422");
  EXPECT_EQ(service_.requests().size(), 3u);
}

TEST_F(AllocatorGrpcTest, DestructionCancelsARetryThatWaits) {
  testing::ManualClock clock;
  service_.Refuse(10, "busy");
  auto allocator = MakeAllocator({.client = {.endpoint = "127.0.0.1:" + std::to_string(port_),
                                             .tls = {.insecure = true},
                                             .clock = &clock}});
  ASSERT_THAT(allocator, IsOk());
  std::optional<Status> outcome;
  (*allocator)->AllocateAsync({}, {}, [&](StatusOr<Allocation> got) { outcome = got.status(); });
  clock.WaitForTimers();
  *allocator = nullptr;
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->code(), StatusCode::kCancelled);
}

TEST(MakeAllocator, NamesEveryMistake) {
  EXPECT_THAT(MakeAllocator({.keepalive = std::chrono::seconds(30)}),
              StatusIs(StatusCode::kInvalidArgument,
                       ::testing::AllOf(HasSubstr("keepalive"), HasSubstr("endpoint"))));
}

}  // namespace
}  // namespace gsh::agones
