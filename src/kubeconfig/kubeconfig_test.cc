#include "gsh/kubernetes/kubeconfig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "gsh/kubernetes/client.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/kubeconfig/exec_credentials.h"
#include "src/testing/certificates.h"
#include "src/testing/sandbox/kubernetes/api_server.h"
#include "src/testing/temporary_directory.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::FakeEnv;
using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kConfig[] = R"(
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: dev
  cluster: {server: "https://dev:6443", certificate-authority: ca.crt, tls-server-name: api}
- name: prod
  cluster: {server: "https://prod", certificate-authority-data: UEVN, proxy-url: "http://p:3128"}
- name: skip
  cluster: {server: "https://skip", insecure-skip-tls-verify: true}
contexts:
- {name: dev, context: {cluster: dev, user: dev, namespace: games}}
- {name: prod, context: {cluster: prod, user: certificate}}
- {name: anonymous, context: {cluster: prod}}
- {name: lost-user, context: {cluster: dev, user: nobody}}
- {name: lost-cluster, context: {cluster: nowhere, user: dev}}
- {name: skip, context: {cluster: skip, user: dev}}
- {name: password, context: {cluster: dev, user: password}}
- {name: old-plugin, context: {cluster: dev, user: old-plugin}}
- {name: asking, context: {cluster: dev, user: asking}}
- {name: no-file, context: {cluster: dev, user: no-file}}
users:
- {name: dev, user: {token: s3cret}}
- {name: certificate, user: {client-certificate-data: Q0VSVA==, client-key: /abs/key,
                             client-key-data: S0VZ}}
- {name: password, user: {username: me, password: s3cret}}
- {name: old-plugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}}
- {name: asking, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: x,
                               interactiveMode: Always}}}
- {name: no-file, user: {tokenFile: nonexistent}}
)";

class KubeconfigTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text, unsigned mode = 0600) {
    const std::string file = files_.File(name);
    std::ofstream(file) << text;
    chmod(file.c_str(), mode);
    return file;
  }
  StatusOr<ClusterConfig> Load(const std::string& context = "") {
    return LoadKubeconfig({.files = {Write("config", kConfig)}, .context = context});
  }
  static StatusOr<Credential> Ask(CredentialSource& source) {
    std::promise<StatusOr<Credential>> answer;
    source.GetAsync([&](StatusOr<Credential> credential) { answer.set_value(credential); });
    return answer.get_future().get();
  }
  const gsh::testing::TemporaryDirectory files_;
};

TEST_F(KubeconfigTest, TheCurrentContextAndItsRelativeFiles) {
  const auto config = Load();
  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(config->server, "https://dev:6443");
  EXPECT_EQ(config->server_name, "api");
  EXPECT_EQ(config->ca_file, files_.File("ca.crt"));
  EXPECT_EQ(config->ns, "games");
  EXPECT_EQ(Ask(*config->credentials)->bearer_token, "s3cret");
}

TEST_F(KubeconfigTest, InlineDataWinsOverFiles) {
  const auto config = Load("prod");
  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(config->ca_pem, "PEM");
  EXPECT_EQ(config->cert_pem, "CERT");
  EXPECT_EQ(config->key_pem, "KEY");
  EXPECT_EQ(config->key_file, "");
  EXPECT_EQ(config->proxy, "http://p:3128");
  EXPECT_EQ(config->ns, "default");
  EXPECT_EQ(config->credentials, nullptr);
  EXPECT_THAT(Load("anonymous"), IsOk());
}

TEST_F(KubeconfigTest, MistakesSayWhichAndNoSecret) {
  const auto refused = [&](const std::string& context, const std::string& text) {
    EXPECT_THAT(Load(context), StatusIs(StatusCode::kInvalidArgument,
                                        AllOf(HasSubstr(text), Not(HasSubstr("s3cret")))))
        << context;
  };
  refused("none", "no context \"none\"");
  refused("lost-user", "names the unknown user \"nobody\"");
  refused("lost-cluster", "names the unknown cluster \"nowhere\"");
  refused("skip", "insecure-skip-tls-verify is not supported");
  refused("password", "password is not supported");
  refused("old-plugin", "apiVersion must be");
  refused("asking", "interactiveMode");
  EXPECT_THAT(Load("no-file"), StatusIs(StatusCode::kNotFound, HasSubstr("nonexistent")));
}

TEST_F(KubeconfigTest, BrokenFilesAreRefused) {
  for (const char* text :
       {"[", "a: b: c", "just text", "- a", "clusters: x", "clusters: [x]", "\t",
        "users: [{name: s3cret-name, user: [1]}]", "users: [{name: u, user: {token: [s3cret]}}]",
        "users: [{name: u, user: {client-key-data: '!s3cret!'}}]",
        "users: [{name: u, user: {exec: {args: [a]}}}]",
        "users: [{name: u, user: {exec: {command: c, args: a}}}]",
        "clusters: [{name: c, cluster: {insecure-skip-tls-verify: perhaps}}]",
        "current-context: &a [*a]", "token: \"s3cret"}) {
    const auto config = LoadKubeconfig({.files = {Write("bad", text)}});
    EXPECT_THAT(config, StatusIs(StatusCode::kInvalidArgument)) << text;
    EXPECT_THAT(config.status().message(), Not(HasSubstr("s3cret\""))) << text;
  }
  EXPECT_THAT(LoadKubeconfig({.files = {Write("deep", std::string(100'000, '['))}}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(LoadKubeconfig({.files = {Write("large", std::string(2u << 20, ' '))}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("1 MiB")));
  EXPECT_THAT(LoadKubeconfig({.files = {files_.string()}}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(LoadKubeconfig({.files = {Write("empty", "")}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("no context")));
}

TEST_F(KubeconfigTest, OfSeveralFilesTheFirstCounts) {
  const std::string first = Write("first", R"(
current-context: ""
contexts: [{name: a, context: {cluster: c, namespace: first}}]
)");
  const std::string second = Write("second", R"(
current-context: a
contexts: [{name: a, context: {cluster: c, namespace: second}}, {name: b, context: {cluster: c}}]
clusters: [{name: c, cluster: {server: "https://c"}}]
)");
  const FakeEnv env({{"KUBECONFIG", "/nonexistent:" + first + "::" + second}, {"HOME", "/none"}});
  const auto config = LoadKubeconfig({.env = &env});
  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(config->ns, "first");
  const auto contexts = ListKubeContexts({.env = &env});
  EXPECT_THAT(contexts->names, ElementsAre("a", "b"));
  EXPECT_EQ(contexts->current, "a");
}

TEST_F(KubeconfigTest, HomeIsLookedInLast) {
  const FakeEnv nowhere({{"HOME", files_.string()}});
  EXPECT_THAT(LoadKubeconfig({.env = &nowhere}),
              StatusIs(StatusCode::kNotFound, HasSubstr(files_.string() + "/.kube/config")));
  EXPECT_THAT(FindCluster({.env = &nowhere}), StatusIs(StatusCode::kInvalidArgument));
  std::filesystem::create_directory(files_.File(".kube"));
  Write(".kube/config", kConfig);
  EXPECT_THAT(LoadKubeconfig({.env = &nowhere}), IsOk());
  EXPECT_THAT(FindCluster({.env = &nowhere}), IsOk());
  EXPECT_THAT(LoadKubeconfig({.env = std::make_unique<FakeEnv>().get()}),
              StatusIs(StatusCode::kNotFound));
}

class PluginTest : public KubeconfigTest {
 protected:
  // A plugin that is this shell script; $COUNT counts its runs.
  std::shared_ptr<CredentialSource> Plugin(const std::string& script,
                                           milliseconds timeout = seconds(20)) {
    Write("plugin", "#!/bin/sh\necho x >> '" + files_.File("runs") + "'\n" + script + "\n", 0700);
    const auto config = LoadKubeconfig({.files = {Write("config", R"(
current-context: c
contexts: [{name: c, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://c", certificate-authority-data: UEVN}}]
users:
- name: u
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin, args: [eks, token],
           env: [{name: AWS_PROFILE, value: prod}], provideClusterInfo: true}
)")},
                                        .plugin_timeout = timeout,
                                        .clock = &clock_,
                                        .log = &log_});
    EXPECT_THAT(config, IsOk());
    return config->credentials;
  }
  static std::string Says(const std::string& status) {
    return R"(echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1",)"
           R"("status":)" +
           status + "}'";
  }
  std::size_t Runs() const { return files_.Read("runs").size() / 2; }

  gsh::testing::ManualClock clock_;
  gsh::testing::RecordingLog log_;
};

TEST_F(PluginTest, IsGivenItsArgumentsAndTheProtocol) {
  const auto source = Plugin(R"sh(echo "$1 $2 $AWS_PROFILE $KUBERNETES_EXEC_INFO" > ")sh" +
                             files_.File("seen") + "\"\n" + Says(R"({"token":"t"})"));
  EXPECT_EQ(Ask(*source)->bearer_token, "t");
  EXPECT_THAT(files_.Read("seen"),
              AllOf(::testing::StartsWith("eks token prod {"),
                    HasSubstr(R"("apiVersion":"client.authentication.k8s.io/v1beta1")"),
                    HasSubstr(R"("interactive":false)"), HasSubstr(R"("server":"https://c")"),
                    HasSubstr(R"("certificate-authority-data":"UEVN")")));
}

TEST_F(PluginTest, IsAskedAgainShortlyBeforeItsAnswerExpires) {
  const auto source = Plugin(Says(R"({"token":"t","expirationTimestamp":"2026-01-01T00:15:00Z"})"));
  EXPECT_THAT(Ask(*source), IsOk());
  clock_.Advance(minutes(13));
  EXPECT_THAT(Ask(*source), IsOk());
  EXPECT_EQ(Runs(), 1u);
  clock_.Advance(seconds(61));
  EXPECT_THAT(Ask(*source), IsOk());
  EXPECT_EQ(Runs(), 2u);
}

TEST_F(PluginTest, IsAskedAgainWhenItsAnswerIsRefused) {
  const auto source = Plugin(Says(R"({"token":"t"})"));
  EXPECT_THAT(Ask(*source), IsOk());
  EXPECT_FALSE(source->Rejected());  // it is as fresh as can be
  clock_.Advance(minutes(1));
  EXPECT_TRUE(source->Rejected());
  EXPECT_THAT(Ask(*source), IsOk());
  EXPECT_EQ(Runs(), 2u);
  EXPECT_TRUE(source->Rejected());  // another call had the one before
  EXPECT_THAT(Ask(*source), IsOk());
  EXPECT_EQ(Runs(), 2u);
}

TEST_F(PluginTest, RunsOnceForAllWhoWait) {
  const auto source = Plugin("sleep 0.2\n" + Says(R"({"token":"t"})"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_THAT(Ask(*source), IsOk()); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Runs(), 1u);
}

TEST_F(PluginTest, ThatHangsIsKilled) {
  const auto source = Plugin("sleep 1000", milliseconds(300));
  EXPECT_THAT(Ask(*source), StatusIs(StatusCode::kUnauthenticated, HasSubstr("took too long")));
}

TEST_F(PluginTest, ThatFailsSaysWhy) {
  EXPECT_THAT(Ask(*Plugin("echo 'run aws sso login' >&2; exit 255")),
              StatusIs(StatusCode::kUnauthenticated,
                       AllOf(HasSubstr("exit status 255"), HasSubstr("run aws sso login"))));
  EXPECT_EQ(log_.Count("no credentials"), 1);
}

TEST_F(PluginTest, NonsenseIsRefused) {
  for (const std::string& script :
       {std::string("echo nonsense"), std::string("true"), std::string("echo '{}'"), Says("{}"),
        Says(R"({"clientCertificateData":"c"})"), Says(R"({"token":"two words"})"),
        Says(R"({"token":"t","expirationTimestamp":"tomorrow"})"),
        std::string(
            R"(echo '{"kind":"ExecCredential",)"
            R"("apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}')")}) {
    const auto answer = Ask(*Plugin(script));
    EXPECT_THAT(answer, StatusIs(StatusCode::kUnauthenticated)) << script;
    EXPECT_THAT(answer.status().message(), Not(HasSubstr("nonsense")));
  }
  EXPECT_THAT(Ask(*Plugin("yes")),
              StatusIs(StatusCode::kUnauthenticated, HasSubstr("writes without end")));
}

TEST_F(PluginTest, ThatIsMissingIsAnError) {
  const auto source = Plugin("true");
  std::filesystem::remove(files_.File("plugin"));
  EXPECT_THAT(Ask(*source), StatusIs(StatusCode::kUnauthenticated));
}

TEST_F(PluginTest, DestroyingTheSourceEndsIt) {
  auto source = Plugin("sleep 1000");
  std::promise<StatusOr<Credential>> answer;
  source->GetAsync([&](StatusOr<Credential> credential) { answer.set_value(credential); });
  source.reset();
  EXPECT_THAT(answer.get_future().get(), StatusIs(StatusCode::kCancelled));
}

// The whole way: a file, a plugin, a client, a server whose token changes.
TEST_F(PluginTest, ServesAClient) {
  auto server = gsh::testing::kubernetes::ApiServer::Start({.token = "one"});
  ASSERT_THAT(server, IsOk());
  Write("token", "one");
  auto source =
      Plugin("T=$(cat '" + files_.File("token") + "')\n" +
             R"sh(echo "{\"kind\":\"ExecCredential\",\"apiVersion\":)sh"
             R"sh(\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"$T\"}}")sh");
  const auto client =
      MakeClient({.cluster = {.server = (*server)->url(), .credentials = source},
                  .retry = {.initial_backoff = Duration(0), .max_backoff = Duration(0)}});
  ASSERT_THAT(client, IsOk());
  EXPECT_THAT((*client)->Call({.verb = Verb::kList, .resource = kNodes}), IsOk());
  (*server)->SetToken("two");
  Write("token", "two");
  clock_.Advance(minutes(1));
  EXPECT_THAT((*client)->Call({.verb = Verb::kList, .resource = kNodes}), IsOk());
  EXPECT_EQ(Runs(), 2u);
}

}  // namespace
}  // namespace gsh::kubernetes
