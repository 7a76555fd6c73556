// kubernetes::Watch and Client when the API server refuses: a token that ends while a watch runs, a
// past that is forgotten, too many requests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "gsh/kubernetes/objects.h"
#include "gsh/kubernetes/watch.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/testing/temporary_directory.h"
#include "tests/faults/cutting_proxy.h"
#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/clients.h"
#include "tests/integration/kubernetes/follower.h"
#include "tests/integration/kubernetes/service_account_token.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;
using testing::IsOk;

constexpr kubernetes::Resource kConfigMaps{"", "v1", "configmaps"};

// ConfigMaps of a new namespace, a way to them that can be cut, and what they should be.
class Scene {
 public:
  explicit Scene(const ApiServer& server) : api_(AdminOf(server)), line_(server.endpoint(), {}) {}

  Api& api() { return api_; }
  const std::string& ns() const { return ns_; }
  std::string Path() const { return "/api/v1/namespaces/" + ns_ + "/configmaps"; }
  std::string endpoint() const { return line_.endpoint(); }
  void Cut() { line_.Kill(Duration(0)); }

  void Put(const std::string& name, const std::string& value) {
    const ApiAnswer answer =
        expected_.contains(name)
            ? api_.Patch(Path() + "/" + name, {{"data", {{"value", value}}}})
            : api_.Post(Path(), {{"metadata", {{"name", name}}}, {"data", {{"value", value}}}});
    ASSERT_TRUE(answer.ok()) << answer.body;
    expected_[name] = answer.body.at("metadata").at("resourceVersion");
  }
  void Remove(const std::string& name) {
    ASSERT_TRUE(api_.Delete(Path() + "/" + name).ok());
    expected_.erase(name);
  }
  const std::map<std::string, std::string>& expected() const { return expected_; }

  // Follows them by `client`, as fast as it can.
  std::unique_ptr<kubernetes::Watch> Follow(kubernetes::Client& client) {
    return kubernetes::Watch::Start(client,
                                    {.resource = kConfigMaps,
                                     .ns = ns_,
                                     .retry = {.initial_backoff = std::chrono::milliseconds(20),
                                               .max_backoff = std::chrono::milliseconds(50)},
                                     .log = &log_},
                                    [this](const auto& change) { follower_.Apply(change); });
  }
  const Follower& follower() const { return follower_; }
  bool FollowerHasAll() const {
    return Eventually([&] { return follower_.objects() == expected_; });
  }
  bool Logged(const std::string& text) const {
    return Eventually([&] { return log_.Count(text) > 0; });
  }
  std::string Log() const {
    std::string text;
    for (const auto& [level, line] : log_.lines()) text += line + "\n";
    return text;
  }

 private:
  Api api_;
  const std::string ns_ = NewNamespace(api_);
  std::map<std::string, std::string> expected_;  // by name, their version
  testing::RecordingLog log_;
  Follower follower_;
  faults::CuttingProxy line_;
};

class TokenTest : public ::testing::Test {
 protected:
  // A watch with `token` in its file goes on although the token ends while it runs.
  void GoesOnWithTheNextToken(const std::string& token) {
    Write(token);
    auto source = kubernetes::MakeTokenFile(file_);
    ASSERT_THAT(source, IsOk());
    const auto client = Connect(OptionsFor(*source, scene_.endpoint()));
    scene_.Put("a", "1");
    const auto watch = scene_.Follow(*client);
    ASSERT_TRUE(scene_.FollowerHasAll()) << scene_.Log();

    End();
    ASSERT_TRUE(Eventually([&] { return As(token).Get(scene_.Path()).code == 401; }))
        << "the token is still believed";
    scene_.Put("b", "1");  // a watch that is open is not asked again who it is
    ASSERT_TRUE(scene_.FollowerHasAll()) << scene_.Log();
    scene_.Cut();
    ASSERT_TRUE(scene_.Logged("Unauthorized")) << scene_.Log();
    scene_.Put("a", "2");
    scene_.Remove("b");
    scene_.Put("c", "1");
    EXPECT_FALSE(scene_.follower().objects().contains("c"));
    Write(SignToken(account_, std::chrono::hours(1)));
    EXPECT_TRUE(scene_.FollowerHasAll()) << scene_.Log();
    EXPECT_EQ(scene_.follower().lists(), 1);  // it went on where it was
  }

  virtual void End() {}
  void Write(const std::string& token) {
    ASSERT_THAT(testing::WriteFileAtomically(file_, token, 0600), IsOk());
  }

  Scene scene_{SharedApiServer()};
  const Account account_ = [this] {
    Account account = NewAccount(scene_.ns(), "watcher");
    MakeMaster(account);
    return account;
  }();
  const testing::TemporaryDirectory directory_;
  const std::string file_ = directory_.File("token");
};

TEST_F(TokenTest, ThatExpiresWhileAWatchRuns) {
  constexpr std::chrono::seconds kLife(5);  // in the server's eyes
  GoesOnWithTheNextToken(SignToken(account_, kLife - kTokenLeeway));
}

// The token is bound to a secret, as a pod's is to its pod.
class BoundTokenTest : public TokenTest {
 protected:
  std::string Secret() const { return "/api/v1/namespaces/" + scene_.ns() + "/secrets/bond"; }
  void End() override { ASSERT_TRUE(Admin().Delete(Secret()).ok()); }
};

TEST_F(BoundTokenTest, ThatIsRevokedWhileAWatchRuns) {
  const std::string base = "/api/v1/namespaces/" + scene_.ns();
  const ApiAnswer bond = Admin().Post(base + "/secrets", {{"metadata", {{"name", "bond"}}}});
  ASSERT_TRUE(bond.ok()) << bond.body;
  const ApiAnswer made = Admin().Post(base + "/serviceaccounts/" + account_.name + "/token",
                                      {{"spec",
                                        {{"expirationSeconds", 600},
                                         {"boundObjectRef",
                                          {{"apiVersion", "v1"},
                                           {"kind", "Secret"},
                                           {"name", "bond"},
                                           {"uid", bond.body.at("metadata").at("uid")}}}}}});
  ASSERT_TRUE(made.ok()) << made.body;
  GoesOnWithTheNextToken(made.body.at("status").at("token"));
}

// A token that a test can make a wrong one, so that nothing comes through for as long as it likes.
class SwitchedToken final : public kubernetes::CredentialSource {
 public:
  explicit SwitchedToken(std::string token) : token_(std::move(token)) {}
  void Switch(bool on) { on_ = on; }
  void GetAsync(std::function<void(StatusOr<kubernetes::Credential>)> done) override {
    done(kubernetes::Credential{.bearer_token = on_ ? token_ : "wrong"});
  }
  bool Rejected() override { return false; }

 private:
  const std::string token_;
  std::atomic<bool> on_ = true;
};

TEST(ForgottenPastTest, AWatchListsAgainAndGivesTheDifferences) {
  const ApiServer& server = SparseApiServer();
  Scene scene(server);
  const auto token = std::make_shared<SwitchedToken>(server.admin_token());
  const auto client = Connect(OptionsFor(token, scene.endpoint(), server));
  for (const char* const name : {"changed", "deleted", "kept"}) scene.Put(name, "1");
  const auto watch = scene.Follow(*client);
  ASSERT_TRUE(scene.FollowerHasAll()) << scene.Log();
  scene.Put("replaced", "1");  // what the watch brings, for until then only the list may be through
  ASSERT_TRUE(scene.FollowerHasAll()) << scene.Log();
  const std::string last = scene.expected().at("replaced");

  token->Switch(false);
  scene.Cut();
  ASSERT_TRUE(scene.Logged("Unauthorized")) << scene.Log();
  scene.Put("changed", "2");
  scene.Put("changed", "3");
  scene.Remove("deleted");
  scene.Remove("replaced");
  scene.Put("replaced", "2");
  scene.Put("new", "1");
  ApiAnswer answer;
  ASSERT_TRUE(Eventually([&] {
    answer = scene.api().Get(scene.Path() + "?watch=true&timeoutSeconds=1&resourceVersion=" + last);
    return answer.body.dump().find("\"code\":410") != std::string::npos;
  })) << "etcd still remembers version "
      << last << ": " << answer.body;

  EXPECT_EQ(scene.follower().lists(), 1);
  token->Switch(true);
  EXPECT_TRUE(scene.FollowerHasAll()) << scene.Log();
  EXPECT_TRUE(scene.Logged("Expired")) << scene.Log();
  EXPECT_TRUE(Eventually([&] { return scene.follower().lists() == 2; })) << scene.Log();
  scene.Put("kept", "2");  // it follows again
  EXPECT_TRUE(scene.FollowerHasAll()) << scene.Log();
}

// How many requests of `user` the server has refused so.
int RefusedWith(int code, const ApiServer& server, const std::string& user) {
  int count = 0;
  std::ifstream log(server.audit_file());
  for (std::string line; std::getline(log, line);) {
    const Json event = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (event.is_discarded()) continue;  // still being written
    const Json status = event.value("responseStatus", Json::object());
    count += event.at("user").value("username", "") == user && status.value("code", 0) == code;
  }
  return count;
}

TEST(TooManyRequestsTest, EachCallComesThroughAndAWatchMissesNothing) {
  const ApiServer& server = SparseApiServer();
  Scene scene(server);
  const Account account = NewAccount(scene.ns(), "busy", scene.api());
  MakeMaster(account, scene.api());
  auto options = OptionsFor(kubernetes::MakeToken(account.token), {}, server);
  options.retry = {.max_attempts = 20, .budget = 0};  // the call's deadline ends it first
  const auto client = Connect(options);
  const auto watch = scene.Follow(*client);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 4; ++k) {
        const std::string name = "map-" + std::to_string(i) + "-" + std::to_string(k);
        EXPECT_THAT(client->Call({.verb = kubernetes::Verb::kCreate,
                                  .resource = kConfigMaps,
                                  .ns = scene.ns(),
                                  .body = Json{{"metadata", {{"name", name}}}}.dump()}),
                    IsOk());
        EXPECT_THAT(client->Call({.resource = kConfigMaps, .ns = scene.ns(), .name = name}),
                    IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(Eventually([&] { return scene.follower().objects().size() == 32; })) << scene.Log();
  const std::string user = "system:serviceaccount:" + scene.ns() + ":busy";
  EXPECT_TRUE(Eventually([&] { return RefusedWith(429, server, user) > 0; }))
      << "nothing was refused, so that nothing was tried";
  ::testing::Test::RecordProperty("refused", RefusedWith(429, server, user));
}

}  // namespace
}  // namespace gsh::kubernetes_test
