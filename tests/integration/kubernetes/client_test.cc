// kubernetes::Client against the real API: what its errors become, and credentials that change.
#include "gsh/kubernetes/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gsh/kubernetes/objects.h"
#include "gsh/testing/matchers.h"
#include "src/core/await.h"
#include "src/testing/temporary_directory.h"
#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/clients.h"
#include "tests/integration/kubernetes/manifests.h"
#include "tests/integration/kubernetes/service_account_token.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;
using kubernetes::Client;
using kubernetes::Request;
using kubernetes::Verb;
using testing::IsOk;
using testing::StatusIs;

std::string Lease(const std::string& name, const Json& spec = Json::object()) {
  return Json{{"apiVersion", "coordination.k8s.io/v1"},
              {"kind", "Lease"},
              {"metadata", {{"name", name}}},
              {"spec", spec}}
      .dump();
}

class ClientTest : public ::testing::Test {
 protected:
  Request OnLeases(Verb verb, const std::string& name = {}, const std::string& body = {}) const {
    return {.verb = verb, .resource = kubernetes::kLeases, .ns = ns_, .name = name, .body = body};
  }

  const std::string ns_ = NewNamespace();
  const std::unique_ptr<Client> client_ = ClientOf();
};

TEST_F(ClientTest, ItsErrorsAreTheApis) {
  EXPECT_THAT(client_->Call(OnLeases(Verb::kGet, "none")), StatusIs(StatusCode::kNotFound));
  ASSERT_THAT(client_->Call(OnLeases(Verb::kCreate, {}, Lease("a"))), IsOk());
  EXPECT_THAT(client_->Call(OnLeases(Verb::kCreate, {}, Lease("a"))),
              StatusIs(StatusCode::kAlreadyExists));
  EXPECT_THAT(
      client_->Call(OnLeases(Verb::kCreate, {}, Lease("b", {{"leaseDurationSeconds", -1}}))),
      StatusIs(StatusCode::kInvalidArgument,
               ::testing::HasSubstr("spec.leaseDurationSeconds")));  // 422
  EXPECT_THAT(client_->Call(OnLeases(Verb::kCreate, {}, "{\"kind\": 1}")),
              StatusIs(StatusCode::kInvalidArgument));  // 400
  const Account nobody = NewAccount(ns_, "nobody");
  EXPECT_THAT(ClientOf(nobody.token)->Call(OnLeases(Verb::kGet, "a")),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(ClientOf("made-up")->Call(OnLeases(Verb::kGet, "a")),
              StatusIs(StatusCode::kUnauthenticated));
}

TEST_F(ClientTest, AnUpdateOfAnOldVersionIsAConflict) {
  const auto made = client_->Call(OnLeases(Verb::kCreate, {}, Lease("a")));
  ASSERT_THAT(made, IsOk());
  EXPECT_THAT(client_->Call(OnLeases(Verb::kUpdate, "a", *made)), IsOk());  // changes nothing
  Json changed = Json::parse(*made);
  changed["spec"]["holderIdentity"] = "me";
  EXPECT_THAT(client_->Call(OnLeases(Verb::kUpdate, "a", changed.dump())), IsOk());
  changed["spec"]["holderIdentity"] = "somebody else";
  EXPECT_THAT(client_->Call(OnLeases(Verb::kUpdate, "a", changed.dump())),
              StatusIs(StatusCode::kAborted));
}

TEST_F(ClientTest, AWatchFromAForgottenVersionIsOutOfRange) {
  InstallAgonesResources();
  Status end;
  // The first one may find the server still filling its cache.
  EXPECT_TRUE(Eventually([&] {
    end = internal::Await<Status>({.timeout = std::chrono::seconds(20)}, [&](CallOptions options,
                                                                             auto done) {
      client_->WatchAsync(
          {.resource = kubernetes::kGameServers, .ns = ns_, .resource_version = "1"},
          std::move(options), [](const kubernetes::WatchEvent&) { return true; }, std::move(done));
    });
    return end.code() != StatusCode::kResourceExhausted;
  }));
  EXPECT_THAT(end, StatusIs(StatusCode::kOutOfRange));
}

TEST_F(ClientTest, ListsPageByPage) {
  for (int i = 0; i < 25; ++i) {
    ASSERT_THAT(client_->Call(OnLeases(Verb::kCreate, {}, Lease("l" + std::to_string(i)))), IsOk());
  }
  Request list = OnLeases(Verb::kList);
  list.limit = 10;
  const auto all = kubernetes::ListAll(*client_, list);
  ASSERT_THAT(all, IsOk());
  EXPECT_EQ(all->size(), 25u);
}

TEST_F(ClientTest, AnExpiredTokenIsReplacedByTheOneThatIsInTheFileByThen) {
  const Account account = NewAccount(ns_, "reader");
  MakeMaster(account);
  const testing::TemporaryDirectory directory;
  const std::string file = directory.File("token");
  const auto write = [&](std::chrono::seconds expires_in) {
    ASSERT_THAT(testing::WriteFileAtomically(file, SignToken(account, expires_in), 0600), IsOk());
  };
  write(-2 * kTokenLeeway);
  auto source = kubernetes::MakeTokenFile(file);
  ASSERT_THAT(source, IsOk());
  const auto client = Connect(OptionsFor(*source));
  EXPECT_THAT(client->Call(OnLeases(Verb::kList)), StatusIs(StatusCode::kUnauthenticated));
  write(std::chrono::hours(1));
  EXPECT_THAT(client->Call(OnLeases(Verb::kList)), IsOk());
}

TEST_F(ClientTest, AUserMayHaveACertificateInPlaceOfAToken) {
  const auto pair = SharedApiServer().IssueUser("alice");
  auto options = OptionsFor(nullptr);
  options.cluster.cert_pem = pair.cert;
  options.cluster.key_pem = pair.key;
  EXPECT_THAT(Connect(options)->Call(OnLeases(Verb::kList)),
              StatusIs(StatusCode::kPermissionDenied, ::testing::HasSubstr("alice")));
}

TEST_F(ClientTest, ScalesAFleetAppliesAPolicyAndEmitsAnEvent) {
  InstallAgonesResources();
  const Json fleet = {
      {"apiVersion", "agones.dev/v1"},
      {"kind", "Fleet"},
      {"metadata", {{"name", "flt"}}},
      {"spec",
       {{"replicas", 2},
        {"template", {{"spec", {{"template", {{"spec", {{"containers", Json::array()}}}}}}}}}}}};
  ASSERT_THAT(client_->Call({.verb = Verb::kCreate,
                             .resource = kubernetes::kFleets,
                             .ns = ns_,
                             .body = fleet.dump()}),
              IsOk());
  const auto scale = kubernetes::SetScale(*client_, kubernetes::kFleets, ns_, "flt", 7);
  ASSERT_THAT(scale, IsOk());
  EXPECT_EQ(scale->wanted, 7);
  kubernetes::AllocationPolicy policy{.ns = ns_,
                                      .name = "to-2",
                                      .allocation_endpoints = {"192.0.2.1"},
                                      .secret_name = "trust",
                                      .server_ns = "gameservers"};
  EXPECT_EQ(*kubernetes::ApplyAllocationPolicy(*client_, policy), kubernetes::Applied::kCreated);
  policy.weight = 50;
  policy.allocation_endpoints.clear();
  EXPECT_EQ(*kubernetes::ApplyAllocationPolicy(*client_, policy), kubernetes::Applied::kConfigured);
  const Json spec = Admin()
                        .Get("/apis/multicluster.agones.dev/v1/namespaces/" + ns_ +
                             "/gameserverallocationpolicies/to-2")
                        .body["spec"];
  EXPECT_EQ(spec["weight"], 50);
  EXPECT_EQ(spec["connectionInfo"], Json::parse(R"({"namespace": "gameservers",
                                                    "secretName": "trust"})"));
  EXPECT_THAT(kubernetes::EmitEvent(*client_, {.ns = ns_,
                                               .reason = "Tested",
                                               .message = "A test.",
                                               .component = "gsh",
                                               .api_version = "agones.dev/v1",
                                               .kind = "Fleet",
                                               .object_ns = ns_,
                                               .name = "flt"}),
              IsOk());
}

}  // namespace
}  // namespace gsh::kubernetes_test
