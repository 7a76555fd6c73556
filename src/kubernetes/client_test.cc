#include "gsh/kubernetes/client.h"

#include <fstream>
#include <future>
#include <stop_token>
#include <thread>
#include <vector>

#include "gsh/testing/manual_clock.h"
#include "src/http/client/raw_server.h"
#include "src/kubernetes/api_fixture.h"
#include "src/testing/temporary_directory.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ClientTest : public ApiTest {
 protected:
  static Request GetPod(const std::string& name) {
    return {.verb = Verb::kGet, .resource = kPods, .ns = "default", .name = name};
  }
  StatusOr<Json> Ask(const Request& request) {
    auto answer = client_->Call(request);
    if (!answer.ok()) return answer.status();
    return ParseJson(*answer);
  }
};

TEST_F(ClientTest, ObjectsAreCreatedReadChangedAndDeleted) {
  const auto made = Ask({.verb = Verb::kCreate,
                         .resource = kPods,
                         .ns = "default",
                         .body = R"({"metadata":{"name":"web"},"spec":{"nodeName":"n1"}})"});
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(TextAt(*made, {"kind"}), "Pod");
  EXPECT_THAT(Ask({.verb = Verb::kCreate,
                   .resource = kPods,
                   .ns = "default",
                   .body = R"({"metadata":{"name":"web"}})"}),
              StatusIs(StatusCode::kAlreadyExists, "pods \"web\" already exists (HTTP 409)"));
  const auto read = Ask(GetPod("web"));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, *made);

  Json changed = *read;
  changed["spec"]["nodeName"] = "n2";
  Request update{.verb = Verb::kUpdate,
                 .resource = kPods,
                 .ns = "default",
                 .name = "web",
                 .body = Dump(changed)};
  EXPECT_THAT(Ask(update), IsOk());
  EXPECT_THAT(Ask(update), StatusIs(StatusCode::kAborted, HasSubstr("has been modified")));

  EXPECT_THAT(Ask({.verb = Verb::kPatch,
                   .resource = kPods,
                   .ns = "default",
                   .name = "web",
                   .body = R"({"metadata":{"labels":{"a":"b"}}})"}),
              IsOk());
  EXPECT_EQ(TextAt(Stored("/pods", "default", "web"), {"metadata", "labels", "a"}), "b");
  EXPECT_EQ(TextAt(Stored("/pods", "default", "web"), {"spec", "nodeName"}), "n2");
  EXPECT_THAT(Ask({.verb = Verb::kPatch,
                   .resource = kPods,
                   .ns = "default",
                   .name = "web",
                   .body = R"([{"op":"test","path":"/spec/nodeName","value":"n1"}])",
                   .patch = PatchType::kJson}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Ask({.verb = Verb::kDelete, .resource = kPods, .ns = "default", .name = "web"}),
              IsOk());
  const auto gone = Ask(GetPod("web"));
  EXPECT_THAT(gone, StatusIs(StatusCode::kNotFound, "pods \"web\" not found (HTTP 404)"));
  EXPECT_EQ(gone.status().info()->name, "NotFound");
}

TEST_F(ClientTest, ListsComeInPagesAndBySelectors) {
  for (int i = 0; i < 5; ++i) {
    Put("/pods", R"({"metadata":{"name":"p)" + std::to_string(i) +
                     R"(","namespace":"default","labels":{"odd":")" + std::to_string(i % 2) +
                     R"("}},"spec":{"nodeName":"n)" + std::to_string(i / 3) + R"("}})");
  }
  Request list{.verb = Verb::kList, .resource = kPods, .ns = "default", .limit = 2};
  std::vector<std::string> names;
  for (int pages = 1;; ++pages) {
    const auto answer = client_->Call(list);
    ASSERT_THAT(answer, IsOk());
    const auto page = ParsePage(*answer);
    ASSERT_THAT(page, IsOk());
    EXPECT_NE(page->resource_version, "");
    for (const auto& item : page->items)
      names.push_back(TextAt(*ParseJson(item), {"metadata", "name"}));
    if (page->continue_token.empty()) {
      EXPECT_EQ(pages, 3);
      break;
    }
    list.continue_token = page->continue_token;
  }
  EXPECT_THAT(names, ElementsAre("p0", "p1", "p2", "p3", "p4"));

  api_->store().ForgetHistory();
  Put("/pods", R"({"metadata":{"name":"later","namespace":"default"}})");
  api_->store().ForgetHistory();
  EXPECT_THAT(client_->Call(list), StatusIs(StatusCode::kOutOfRange));

  const auto odd = client_->Call({.verb = Verb::kList,
                                  .resource = kPods,
                                  .ns = "default",
                                  .label_selector = "odd in (1,7),odd!=0",
                                  .field_selector = "spec.nodeName=n1"});
  ASSERT_THAT(odd, IsOk());
  EXPECT_THAT(ParsePage(*odd)->items, ElementsAre(HasSubstr("\"p3\"")));
}

TEST_F(ClientTest, MistakesAreFoundBeforeAnythingIsSent) {
  for (const Request& request :
       {Request{}, Request{.resource = kPods, .ns = "default"},
        Request{.resource = kPods, .name = "p"}, Request{.resource = kNodes, .name = ".."},
        Request{.resource = kNodes, .name = "a/b"},
        Request{.resource = kPods, .ns = "..", .name = "p"},
        Request{.verb = Verb::kList, .resource = kNodes, .name = "n"},
        Request{.verb = Verb::kPatch, .resource = kNodes, .name = "n"}}) {
    EXPECT_THAT(client_->Call(request), StatusIs(StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(api_->TakeRequests(), IsEmpty());
}

TEST_F(ClientTest, ServerErrorsAreRepeatedForWhatIsIdempotent) {
  Put("/pods", R"({"metadata":{"name":"web","namespace":"default"}})");
  for (const int code : {500, 502, 503, 504}) {
    api_->Fail({.method = "GET", .code = code, .times = 2});
    EXPECT_THAT(client_->Call(GetPod("web")), IsOk()) << code;
  }
  api_->Fail({.method = "GET", .code = 500, .times = 4});
  const auto failed = client_->Call(GetPod("web"));
  EXPECT_THAT(failed, StatusIs(StatusCode::kInternal, "scripted (HTTP 500)"));
  EXPECT_EQ(failed.status().info()->name, "InternalError");
  EXPECT_EQ(failed.status().info()->attempts, 4);

  // It may have been created.
  api_->Fail({.method = "POST", .code = 500, .after = true});
  api_->TakeRequests();
  EXPECT_THAT(client_->Call({.verb = Verb::kCreate,
                             .resource = kPods,
                             .ns = "default",
                             .body = R"({"metadata":{"generateName":"x-"}})"}),
              StatusIs(StatusCode::kInternal));
  EXPECT_THAT(api_->TakeRequests(), SizeIs(1));
}

TEST_F(ClientTest, TooManyRequestsAreRepeatedWhenTheServerWishes) {
  gsh::testing::ManualClock clock;
  KubernetesOptions options = Options();
  options.clock = &clock;
  const auto client = Make(options);
  api_->Fail({.code = 429, .reason = "TooManyRequests", .retry_after = "5"});
  std::promise<StatusOr<std::string>> answer;
  client->CallAsync({.verb = Verb::kCreate,
                     .resource = kPods,
                     .ns = "default",
                     .body = R"({"metadata":{"name":"x"}})"},
                    {}, [&](StatusOr<std::string> a) { answer.set_value(std::move(a)); });
  clock.WaitForTimers();
  EXPECT_THAT(api_->TakeRequests(), SizeIs(1));
  clock.Advance(seconds(5));
  EXPECT_THAT(answer.get_future().get(), IsOk());
}

TEST_F(ClientTest, ErrorsCarryReasonMessageAndCauses) {
  http::RawServer server([](http::RawConnection& connection) {
    while (!connection.ReadRequest().empty()) {
      connection.Answer(R"({"kind":"Status","message":"Fleet \"f\" is invalid","reason":"Invalid",
        "details":{"causes":[{"reason":"FieldValueInvalid","message":"must be positive",
        "field":"spec.replicas"},{"message":"Fleet"}]},"code":422})",
                        "422 Unprocessable Entity");
    }
  });
  KubernetesOptions options = Options();
  options.cluster.server = "http://" + server.endpoint() + "/prefix";
  const auto failed = Make(options)->Call(GetPod("p"));
  EXPECT_THAT(failed, StatusIs(StatusCode::kInvalidArgument,
                               "Fleet \"f\" is invalid [spec.replicas: must be positive] "
                               "(HTTP 422)"));
  EXPECT_EQ(failed.status().info()->name, "Invalid");
  EXPECT_EQ(failed.status().info()->service, "kubernetes");
  EXPECT_EQ(failed.status().info()->operation, "Get");
}

TEST_F(ClientTest, AnAnswerTooLargeIsAnError) {
  Put("/pods", R"({"metadata":{"name":"web","namespace":"default","labels":{"a":")" +
                   std::string(100'000, 'x') + R"("}}})");
  KubernetesOptions options = Options();
  options.max_response_bytes = 50'000;
  EXPECT_THAT(Make(options)->Call(GetPod("web")), StatusIs(StatusCode::kResourceExhausted));
}

class TokenTest : public ClientTest {
 protected:
  void WriteToken(const std::string& token) {
    std::ofstream(files_.File("token")) << token << "\n";
  }
  gsh::testing::TemporaryDirectory files_;
};

TEST_F(TokenTest, ATokenThatExpiresIsReadAnew) {
  WriteToken("old");
  api_->SetToken("old");
  KubernetesOptions options = Options();
  options.cluster.credentials = *MakeTokenFile(files_.File("token"));
  const auto client = Make(options);
  EXPECT_THAT(client->Call({.verb = Verb::kList, .resource = kNodes}), IsOk());
  api_->SetToken("new");
  EXPECT_THAT(client->Call({.verb = Verb::kList, .resource = kNodes}),
              StatusIs(StatusCode::kUnauthenticated));
  WriteToken("new");
  // Even a creation: what was refused has not happened.
  EXPECT_THAT(client->Call({.verb = Verb::kCreate,
                            .resource = kPods,
                            .ns = "default",
                            .body = R"({"metadata":{"name":"x"}})"}),
              IsOk());
}

TEST_F(TokenTest, ARefusedTokenIsNotTriedAgain) {
  api_->SetToken("right");
  KubernetesOptions options = Options();
  options.cluster.credentials = MakeToken("wrong");
  EXPECT_THAT(Make(options)->Call(GetPod("p")), StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(api_->TakeRequests(), SizeIs(1));
}

TEST_F(TokenTest, TokensDoNotGoOverPlainHttpToOthers) {
  KubernetesOptions options = Options();
  options.cluster.server = "http://10.0.0.1:8080";
  options.cluster.credentials = MakeToken("secret");
  EXPECT_THAT(MakeClient(options),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("plain HTTP to 10.0.0.1:8080")));
}

TEST_F(ClientTest, WatchesTellOfChanges) {
  const std::string version = std::to_string(api_->store().version());
  std::vector<std::string> seen;
  std::promise<Status> ended;
  client_->WatchAsync(
      {.resource = kPods, .ns = "default", .resource_version = version}, {},
      [&](const WatchEvent& event) {
        seen.push_back(std::to_string(static_cast<int>(event.type)) + " " +
                       TextAt(*ParseJson(event.object), {"metadata", "name"}));
        return seen.size() < 3;
      },
      [&](Status status) { ended.set_value(std::move(status)); });
  Put("/pods", R"({"metadata":{"name":"a","namespace":"default"}})");
  Put("/pods", R"({"metadata":{"name":"b","namespace":"other"}})");
  ASSERT_THAT(api_->store().Delete("/pods", "default", "a"), IsOk());
  while (api_->watches() == 0) std::this_thread::yield();
  api_->SendBookmarks();
  EXPECT_THAT(ended.get_future().get(), IsOk());
  EXPECT_THAT(seen, ElementsAre("0 a", "2 a", "3 "));
}

TEST_F(ClientTest, AWatchFromTooLongAgoSaysSo) {
  Put("/pods", R"({"metadata":{"name":"a","namespace":"default"}})");
  api_->store().ForgetHistory();
  std::promise<Status> ended;
  client_->WatchAsync(
      {.resource = kPods, .resource_version = "1"}, {}, [](const WatchEvent&) { return true; },
      [&](Status status) { ended.set_value(std::move(status)); });
  EXPECT_THAT(ended.get_future().get(), StatusIs(StatusCode::kOutOfRange));
}

TEST(MakeClient, NamesWhatIsWrong) {
  for (const char* server : {"", "10.0.0.1", "ftp://a", "https://", "https://user@host",
                             "https://host:0", "https://host/a?b", "https://[::1"}) {
    EXPECT_THAT(MakeClient({.cluster = {.server = server}}), StatusIs(StatusCode::kInvalidArgument))
        << server;
  }
  EXPECT_THAT(MakeClient({.cluster = {.server = "https://host", .ca_pem = "nonsense"}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("certificate authority")));
  EXPECT_THAT(MakeClient({.cluster = {.server = "https://host", .cert_pem = "nonsense"}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("its key")));
  EXPECT_THAT(MakeClient({.cluster = {.server = "https://host", .ca_file = "/nonexistent"}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("/nonexistent")));
}

TEST(InClusterConfig, IsWhatAPodIsGiven) {
  const gsh::testing::TemporaryDirectory files;
  const gsh::testing::FakeEnv env(
      {{"KUBERNETES_SERVICE_HOST", "10.96.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}});
  EXPECT_THAT(InClusterConfig(gsh::testing::FakeEnv(), files.string()),
              StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_THAT(InClusterConfig(env, files.string()), StatusIs(StatusCode::kNotFound));
  std::ofstream(files.File("token")) << "secret";
  std::ofstream(files.File("namespace")) << "games";
  const auto config = InClusterConfig(env, files.string());
  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(config->server, "https://10.96.0.1:443");
  EXPECT_EQ(config->ca_file, files.File("ca.crt"));
  EXPECT_EQ(config->ns, "games");
  const gsh::testing::FakeEnv ipv6(
      {{"KUBERNETES_SERVICE_HOST", "fd00::1"}, {"KUBERNETES_SERVICE_PORT", "443"}});
  EXPECT_EQ(InClusterConfig(ipv6, files.string())->server, "https://[fd00::1]:443");
}

TEST(TokenFile, IsReadAgainOnceAMinute) {
  const gsh::testing::TemporaryDirectory files;
  gsh::testing::ManualClock clock;
  std::ofstream(files.File("token")) << "one\n";
  const auto source = *MakeTokenFile(files.File("token"), &clock);
  const auto token = [&] {
    std::string got;
    source->GetAsync([&](const StatusOr<Credential>& c) { got = c->bearer_token; });
    return got;
  };
  EXPECT_EQ(token(), "one");
  std::ofstream(files.File("token")) << "two\n";
  clock.Advance(seconds(59));
  EXPECT_EQ(token(), "one");
  clock.Advance(seconds(1));
  EXPECT_EQ(token(), "two");
  std::ofstream(files.File("token")) << "not a token\n";
  clock.Advance(seconds(60));
  EXPECT_EQ(token(), "two");
  EXPECT_FALSE(source->Rejected());
  std::ofstream(files.File("token")) << "three\n";
  EXPECT_TRUE(source->Rejected());
  EXPECT_TRUE(source->Rejected());  // another call was refused with the old one
  EXPECT_EQ(token(), "three");
  clock.Advance(seconds(10));
  EXPECT_FALSE(source->Rejected());
  EXPECT_THAT(MakeTokenFile("/nonexistent"), StatusIs(StatusCode::kNotFound));
}

}  // namespace
}  // namespace gsh::kubernetes
