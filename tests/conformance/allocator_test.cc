// Agones' allocator (agones v1.5x: cmd/allocator/main.go, pkg/allocation/converters,
// pkg/gameserverallocations). Each case takes game servers that stay Allocated.
#include "gsh/agones/allocator.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "gsh/agones/match_annotation.h"
#include "gsh/testing/matchers.h"
#include "src/proto/agones.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"
#include "tests/conformance/engines.h"

// Older clients send the deprecated selectors only.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace gsh::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using wire_allocation::AllocationRequest;
using wire_allocation::AllocationResponse;
using wire_allocation::GameServerSelector;

constexpr int kUnprocessableEntity = 422;  // what Kubernetes says of what it cannot validate
constexpr char kIdentityLabel[] = "gsh.dev/allocation";

class AllocatorTest : public ::testing::Test {
 protected:
  using Stub = wire_allocation::AllocationService::Stub;

  void SetUp() override { stub_ = MakeStub(Allocator().tls); }

  static std::unique_ptr<Stub> MakeStub(const TlsOptions& tls) {
    return wire_allocation::AllocationService::NewStub(Connect(Allocator().endpoint, tls));
  }

  static AllocationRequest Request() {
    AllocationRequest request;
    request.set_namespace_("default");
    return request;
  }
  static GameServerSelector& AddSelector(
      AllocationRequest& request, const std::string& label, const std::string& value,
      GameServerSelector::GameServerState state = GameServerSelector::READY) {
    GameServerSelector& selector = *request.add_gameserverselectors();
    (*selector.mutable_matchlabels())[label] = value;
    selector.set_gameserverstate(state);
    return selector;
  }
  static AllocationRequest InRegion() {
    AllocationRequest request = Request();
    AddSelector(request, "region", Allocator().region);
    return request;
  }

  grpc::Status Allocate(const AllocationRequest& request, AllocationResponse* response) {
    return Call(*stub_, &Stub::Allocate, request, response);
  }
  int CodeFor(const AllocationRequest& request) {
    AllocationResponse response;
    return CodeOf(Allocate(request, &response));
  }
  void Allocated(const AllocationRequest& request, AllocationResponse* response) {
    const grpc::Status status = Allocate(request, response);
    ASSERT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
  }
  // To a server that only this test uses: the selectors want its label.
  AllocationResponse AllocateLabelled(const std::string& label, const std::string& value) {
    AllocationRequest request = InRegion();
    (*request.mutable_metadata()->mutable_labels())[label] = value;
    AllocationResponse response;
    Allocated(request, &response);
    return response;
  }

  std::unique_ptr<Stub> stub_;
};

TEST_F(AllocatorTest, TheAnswerDescribesTheServer) {
  AllocationRequest request = InRegion();
  (*request.mutable_metadata()->mutable_labels())["conformance"] = "yes";
  (*request.mutable_metadata()->mutable_annotations())["conformance/note"] =
      "any text, {even} this";
  AllocationResponse response;
  Allocated(request, &response);
  EXPECT_FALSE(response.gameservername().empty());
  EXPECT_FALSE(response.address().empty());
  EXPECT_FALSE(response.nodename().empty());
  EXPECT_EQ(response.source(), "local");
  ASSERT_EQ(response.ports_size(), 1);
  EXPECT_EQ(response.ports(0).name(), "default");
  EXPECT_GT(response.ports(0).port(), 0);
  ASSERT_GE(response.addresses_size(), 1);
  EXPECT_EQ(response.addresses(0).type(), "InternalIP");
  EXPECT_EQ(response.addresses(0).address(), response.address());
  EXPECT_EQ(response.metadata().labels().at("region"), Allocator().region);
  EXPECT_EQ(response.metadata().labels().at("conformance"), "yes");
  EXPECT_EQ(response.metadata().annotations().at("conformance/note"), "any text, {even} this");
  EXPECT_FALSE(response.metadata().annotations().at("agones.dev/last-allocated").empty());
}

TEST_F(AllocatorTest, EveryServerIsAllocatedOnce) {
  std::vector<std::future<std::string>> calls;
  for (int i = 0; i < 4; ++i) {
    calls.push_back(std::async(std::launch::async, [this] {
      AllocationResponse response;
      Allocated(InRegion(), &response);
      return response.gameservername();
    }));
  }
  std::set<std::string> names;
  for (auto& call : calls) names.insert(call.get());
  EXPECT_EQ(names.size(), 4u);
}

TEST_F(AllocatorTest, NoServerIsResourceExhausted) {
  AllocationRequest request = Request();
  AddSelector(request, "region", UniqueName("nowhere"));
  AllocationResponse response;
  const grpc::Status status = Allocate(request, &response);
  EXPECT_EQ(CodeOf(status), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status.error_message(), "there is no available GameServer to allocate");
}

TEST_F(AllocatorTest, AnotherNamespaceHasItsOwnServers) {
  AllocationRequest request = InRegion();
  request.set_namespace_("conformance-empty");
  EXPECT_EQ(CodeFor(request), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(AllocatorTest, WhatIsNotValidIsAnHttpCode) {
  AllocationRequest label = Request(), key = Request(), metadata = InRegion(),
                    negative = InRegion(), action = InRegion();
  AddSelector(label, "region", "not valid!");
  AddSelector(key, "not valid!", "x");
  (*metadata.mutable_metadata()->mutable_labels())["k"] = "not valid!";
  (*negative.mutable_gameserverselectors(0)->mutable_counters())["rooms"].set_mincount(-1);
  (*action.mutable_counters())["rooms"].mutable_amount()->set_value(-1);
  for (const auto& request : {label, key, metadata, negative, action}) {
    EXPECT_EQ(CodeFor(request), kUnprocessableEntity);
  }
  AllocationResponse response;
  EXPECT_THAT(Allocate(label, &response).error_message(), HasSubstr("is invalid"));
}

TEST_F(AllocatorTest, MultiClusterNeedsAPolicy) {
  AllocationRequest request = InRegion();
  // In a namespace without policies.
  request.set_namespace_("conformance-empty");
  request.mutable_multiclustersetting()->set_enabled(true);
  AllocationResponse response;
  const grpc::Status status = Allocate(request, &response);
  EXPECT_EQ(CodeOf(status), grpc::StatusCode::UNKNOWN);
  EXPECT_EQ(status.error_message(), "no multi-cluster allocation policy is specified");
}

TEST_F(AllocatorTest, SelectorsAreTriedInOrder) {
  AllocationRequest request = Request();
  AddSelector(request, "region", UniqueName("nowhere"));
  AddSelector(request, "region", Allocator().region);
  AllocationResponse response;
  Allocated(request, &response);
  EXPECT_EQ(response.metadata().labels().at("region"), Allocator().region);
}

TEST_F(AllocatorTest, AnIdentityFindsItsServerAgain) {
  const std::string identity = UniqueName("identity");
  AllocationRequest request = Request();
  AddSelector(request, kIdentityLabel, identity, GameServerSelector::ALLOCATED);
  AddSelector(request, "region", Allocator().region);
  (*request.mutable_metadata()->mutable_labels())[kIdentityLabel] = identity;
  AllocationResponse first, again, other;
  Allocated(request, &first);
  Allocated(request, &again);
  EXPECT_EQ(again.gameservername(), first.gameservername());
  Allocated(InRegion(), &other);
  EXPECT_NE(other.gameservername(), first.gameservername());
}

TEST_F(AllocatorTest, AllocatedServersAreFoundOnlyAsSuch) {
  const std::string value = UniqueName("mine");
  const AllocationResponse first = AllocateLabelled("conformance", value);
  AllocationRequest ready = Request(), allocated = Request();
  AddSelector(ready, "conformance", value);
  AddSelector(allocated, "conformance", value, GameServerSelector::ALLOCATED);
  (*allocated.mutable_metadata()->mutable_annotations())["conformance/second"] = "2";
  EXPECT_EQ(CodeFor(ready), grpc::StatusCode::RESOURCE_EXHAUSTED);
  AllocationResponse again;
  Allocated(allocated, &again);
  EXPECT_EQ(again.gameservername(), first.gameservername());
  EXPECT_EQ(again.metadata().annotations().at("conformance/second"), "2");
}

TEST_F(AllocatorTest, TheDeprecatedSelectorsWorkToo) {
  AllocationRequest request = Request();
  (*request.mutable_requiredgameserverselector()->mutable_matchlabels())["region"] =
      Allocator().region;
  (*request.add_preferredgameserverselectors()->mutable_matchlabels())["region"] =
      UniqueName("nowhere");
  (*request.mutable_metapatch()->mutable_labels())["conformance"] = "patched";
  AllocationResponse response;
  Allocated(request, &response);
  EXPECT_EQ(response.metadata().labels().at("region"), Allocator().region);
  EXPECT_EQ(response.metadata().labels().at("conformance"), "patched");
}

TEST_F(AllocatorTest, DistributedTakesAnyServer) {
  AllocationRequest request = InRegion();
  request.set_scheduling(AllocationRequest::Distributed);
  AllocationResponse response;
  Allocated(request, &response);
  EXPECT_FALSE(response.gameservername().empty());
}

TEST_F(AllocatorTest, CountersAndListsAreMatchedAndChanged) {
  AllocationRequest request = InRegion();
  GameServerSelector& selector = *request.mutable_gameserverselectors(0);
  (*selector.mutable_counters())["rooms"].set_minavailable(2);
  (*selector.mutable_lists())["players"].set_minavailable(2);
  wire_allocation::CounterAction& rooms = (*request.mutable_counters())["rooms"];
  rooms.mutable_action()->set_value("Increment");
  rooms.mutable_amount()->set_value(2);
  wire_allocation::ListAction& players = (*request.mutable_lists())["players"];
  players.add_addvalues("ann");
  players.add_addvalues("bob");
  AllocationResponse response;
  Allocated(request, &response);
  EXPECT_EQ(response.counters().at("rooms").count().value(), 2);
  EXPECT_EQ(response.counters().at("rooms").capacity().value(), 10);
  EXPECT_THAT(response.lists().at("players").values(), ElementsAre("ann", "bob"));

  AllocationRequest unfit = InRegion();
  (*unfit.mutable_gameserverselectors(0)->mutable_counters())["rooms"].set_minavailable(11);
  EXPECT_EQ(CodeFor(unfit), grpc::StatusCode::RESOURCE_EXHAUSTED);
  AllocationRequest missing = InRegion();
  (*missing.mutable_gameserverselectors(0)->mutable_counters())["none"].set_minavailable(1);
  EXPECT_EQ(CodeFor(missing), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(AllocatorTest, AnImpossibleCounterActionStillAllocates) {
  AllocationRequest request = InRegion();
  wire_allocation::CounterAction& rooms = (*request.mutable_counters())["rooms"];
  rooms.mutable_action()->set_value("Decrement");
  rooms.mutable_amount()->set_value(5);
  AllocationResponse response;
  Allocated(request, &response);
  EXPECT_EQ(response.counters().at("rooms").count().value(), 0);
}

TEST_F(AllocatorTest, HealthIsServing) {
  // grpc.health.v1's messages, by their fields: an empty request asks for the whole server, and 1
  // is SERVING.
  using Reply = wire_sdk::alpha::Count;
  grpc::TemplatedGenericStub<wire_sdk::Empty, Reply> stub(
      Connect(Allocator().endpoint, Allocator().tls));
  grpc::ClientContext context;
  Limit(context);
  const wire_sdk::Empty request;
  Reply reply;
  std::promise<grpc::Status> ended;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &reply,
                 [&](grpc::Status status) { ended.set_value(std::move(status)); });
  const grpc::Status status = ended.get_future().get();
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.count(), 1);
}

TEST_F(AllocatorTest, StrangersAreUnavailable) {
  if (Allocator().tls.insecure) GTEST_SKIP() << "plaintext";
  TlsOptions none = Allocator().tls;
  none.cert_file.clear();
  none.key_file.clear();
  const gsh::testing::TemporaryDirectory dir;
  const auto authority = gsh::testing::CertificateAuthority::Make("stranger");
  ASSERT_THAT(authority, gsh::testing::IsOk());
  const auto pair = authority->IssueClient("stranger");
  ASSERT_THAT(pair, gsh::testing::IsOk());
  TlsOptions stranger = Allocator().tls;
  stranger.cert_file = dir.File("client.crt");
  stranger.key_file = dir.File("client.key");
  ASSERT_THAT(pair->Write(stranger.cert_file, stranger.key_file), gsh::testing::IsOk());
  TlsOptions other_server = Allocator().tls;
  other_server.ca_file = dir.File("ca.crt");
  ASSERT_THAT(authority->WriteCert(other_server.ca_file), gsh::testing::IsOk());
  for (const TlsOptions& tls : {none, stranger, other_server}) {
    AllocationResponse response;
    EXPECT_EQ(CodeOf(Call(*MakeStub(tls), &Stub::Allocate, InRegion(), &response)),
              grpc::StatusCode::UNAVAILABLE);
  }
}

}  // namespace
}  // namespace gsh::conformance
