// The library's own allocator clients on Agones' allocator. Each case takes game servers that stay
// Allocated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "gsh/agones/allocator.h"
#include "gsh/agones/match_annotation.h"
#include "gsh/agones_kubernetes/allocator.h"
#include "gsh/agones_rest/allocator.h"
#include "gsh/kubernetes/client.h"
#include "gsh/testing/matchers.h"
#include "tests/conformance/engines.h"

namespace gsh::conformance {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr char kIdentityLabel[] = "gsh.dev/allocation";

class AllocatorClientTest : public ::testing::TestWithParam<Adapter> {
 protected:
  void SetUp() override { client_ = Make(Allocator().tls); }

  static std::unique_ptr<agones::Allocator> Make(const TlsOptions& tls) {
    if (GetParam() == Adapter::kKubernetes) return MakeOnKubernetes();
    agones::AllocatorOptions options{.client = {.endpoint = Allocator().endpoint, .tls = tls}};
    const bool rest = GetParam() == Adapter::kRest;
    if (rest) options.client.endpoint = Allocator().rest_endpoint;
    auto made = rest ? agones_rest::MakeAllocator(options) : agones::MakeAllocator(options);
    EXPECT_THAT(made, IsOk());
    return *std::move(made);
  }
  static std::unique_ptr<agones::Allocator> MakeOnKubernetes() {
    auto client = kubernetes::MakeClient({.cluster = Allocator().kubernetes});
    EXPECT_THAT(client, IsOk());
    auto made = agones_kubernetes::MakeAllocator(*std::move(client));
    EXPECT_THAT(made, IsOk());
    return *std::move(made);
  }
  static agones::GameServerSelector InRegion() {
    return {.match_labels = {{"region", Allocator().region}}};
  }
  std::unique_ptr<agones::Allocator> client_;
};

INSTANTIATE_TEST_SUITE_P(By, AllocatorClientTest,
                         ::testing::Values(Adapter::kGrpc, Adapter::kRest, Adapter::kKubernetes),
                         AdapterName);

TEST_P(AllocatorClientTest, AllocatesByIdentity) {
  const std::string identity = UniqueName("identity");
  agones::AllocationRequest request;
  request.selectors = {{.match_labels = {{kIdentityLabel, identity}},
                        .state = agones::GameServerSelector::State::kAllocated},
                       InRegion()};
  request.labels = {{kIdentityLabel, identity}};
  request.annotations = agones::EncodeMatch({.id = "m", .region = "r", .ticket_ids = {"t"}});
  const auto first = client_->Allocate(request), again = client_->Allocate(request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->game_server, first->game_server);
  EXPECT_EQ(first->annotations.at(agones::kMatchAnnotation), "m");
  EXPECT_EQ(first->labels.at("region"), Allocator().region);
  EXPECT_EQ(first->source, "local");
  EXPECT_NE(first->node, "");
  EXPECT_THAT(agones::ConnectionOf(*first), IsOk());
}

TEST_P(AllocatorClientTest, SaysWhatWentWrong) {
  const auto none =
      client_->Allocate({.selectors = {{.match_labels = {{"region", UniqueName("nowhere")}}}}});
  EXPECT_THAT(none, StatusIs(StatusCode::kResourceExhausted, HasSubstr("no available GameServer")));
  const auto invalid =
      client_->Allocate({.selectors = {{.match_labels = {{"region", "not valid!"}}}}});
  EXPECT_THAT(invalid, StatusIs(StatusCode::kInvalidArgument));
  ASSERT_NE(invalid.status().info(), nullptr);
  // The API has names for its errors.
  const bool named = GetParam() == Adapter::kKubernetes;
  EXPECT_EQ(invalid.status().info()->name, named ? "Invalid" : "422");
  const auto unconfigured =
      client_->Allocate({.ns = UniqueName("no-policies"), .multicluster = true});
  EXPECT_THAT(unconfigured, StatusIs(named ? StatusCode::kInternal : StatusCode::kUnknown,
                                     HasSubstr("no multi-cluster allocation policy")));
}

TEST_P(AllocatorClientTest, CountersAndListsAreMatchedAndChanged) {
  const std::string value = UniqueName("v");
  agones::AllocationRequest request;
  request.selectors = {InRegion()};
  request.selectors[0].counters = {{"rooms", {.min_available = 10}}};
  request.selectors[0].lists = {{"players", {.min_available = 10}}};
  request.scheduling = agones::AllocationRequest::Scheduling::kDistributed;
  request.priorities = {{.type = agones::Priority::Type::kList,
                         .key = "players",
                         .order = agones::Priority::Order::kDescending}};
  request.counters = {{"rooms", {.action = "Increment", .amount = 2}}};
  request.lists = {{"players", {.add_values = {value}, .capacity = 9}}};
  const auto got = client_->Allocate(request);
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->counters.at("rooms").count, 2);
  EXPECT_EQ(got->counters.at("rooms").capacity, 10);
  EXPECT_THAT(got->lists.at("players").values, Contains(value));
  EXPECT_EQ(got->lists.at("players").capacity, 9);
}

TEST_P(AllocatorClientTest, StrangersAreUnavailable) {
  if (GetParam() == Adapter::kKubernetes) GTEST_SKIP() << "the API server's business";
  if (Allocator().tls.insecure) GTEST_SKIP() << "plaintext";
  TlsOptions none = Allocator().tls;
  none.cert_file.clear();
  none.key_file.clear();
  EXPECT_THAT(Make(none)->Allocate({.selectors = {InRegion()}}),
              StatusIs(StatusCode::kUnavailable));
}

}  // namespace
}  // namespace gsh::conformance
