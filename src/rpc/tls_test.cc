// TLS on both sides, with certificates made for the occasion.
#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/core/await.h"
#include "src/rpc/client.h"
#include "src/rpc/common/pem.h"
#include "src/rpc/common/tls_diagnosis.h"
#include "src/rpc/scripted_server.h"
#include "src/rpc/server_credentials.h"
#include "src/rpc/tls_credentials.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"

namespace gsh::rpc {
namespace {

using google::protobuf::StringValue;
using std::chrono::hours;
using testing::CertificateAuthority;
using testing::CertificateRequest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::KeyType;
using testing::ManualClock;
using testing::PemPair;
using testing::RecordingLog;
using testing::RecordingMetrics;
using testing::StatusIs;

constexpr Method kGet{"test.Service", "Get"};

CertificateAuthority NewAuthority(const std::string& name) {
  return *CertificateAuthority::Make(name);
}

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(authority_.WriteCert(File("ca.crt")), IsOk());
    Put(*authority_.IssueServer({"localhost", "127.0.0.1"}), "server");
    Put(*authority_.IssueClient("player"), "client");
  }

  std::string File(const std::string& name) const { return dir_.File(name); }
  void Put(const PemPair& pair, const std::string& name) {
    ASSERT_THAT(pair.Write(File(name + ".crt"), File(name + ".key")), IsOk());
  }
  PemPair ClientPair(CertificateRequest request) {
    if (request.common_name.empty()) request.common_name = "player";
    return *authority_.Issue(request);
  }

  ServerTlsOptions ServerOptions(ClientCertificates clients) {
    return {.tls = {.ca_file = File("ca.crt"),
                    .cert_file = File("server.crt"),
                    .key_file = File("server.key")},
            .clients = clients,
            .clock = &clock_,
            .log = &log_,
            .metrics = &metrics_};
  }
  void StartServer(ClientCertificates clients) {
    auto credentials = MakeServerCredentials(ServerOptions(clients));
    ASSERT_THAT(credentials, IsOk());
    server_ = std::make_unique<ScriptedServer>(
        [](const std::string&, const std::string&) {
          return ScriptedReply{.messages = {StringValue().SerializeAsString()}};
        },
        *credentials);
    ASSERT_NE(server_->port(), 0);
  }

  TlsOptions ClientTls() const {
    return {
        .ca_file = File("ca.crt"), .cert_file = File("client.crt"), .key_file = File("client.key")};
  }
  StatusOr<std::unique_ptr<Client>> MakeClient(TlsOptions tls) {
    return Client::Make({.endpoint = server_ ? server_->address() : "127.0.0.1:1",
                         .tls = std::move(tls),
                         .retry = {.max_attempts = 1},
                         .clock = &clock_,
                         .log = &log_,
                         .metrics = &metrics_});
  }
  static Status Get(Client& client) {
    return internal::Await<Status>({}, [&](CallOptions options, auto done) {
      client.Unary(kGet, std::make_shared<StringValue>(), std::make_shared<StringValue>(),
                   std::move(options), std::move(done));
    });
  }
  Status GetWith(TlsOptions tls) {
    auto client = MakeClient(std::move(tls));
    if (!client.ok()) return client.status();
    return Get(**client);
  }

  testing::TemporaryDirectory dir_;
  CertificateAuthority authority_ = NewAuthority("test CA");
  ManualClock clock_;
  RecordingLog log_;
  RecordingMetrics metrics_;
  std::unique_ptr<ScriptedServer> server_;
};

TEST_F(TlsTest, MutualTlsWorks) {
  StartServer(ClientCertificates::kRequire);
  EXPECT_THAT(GetWith(ClientTls()), IsOk());
}

TEST_F(TlsTest, RsaKeysWork) {
  CertificateRequest request{.client_auth = true, .key_type = KeyType::kRsa2048};
  Put(ClientPair(request), "client");
  StartServer(ClientCertificates::kRequire);
  EXPECT_THAT(GetWith(ClientTls()), IsOk());
}

TEST_F(TlsTest, ServerMayAskOrNot) {
  StartServer(ClientCertificates::kVerifyIfGiven);
  EXPECT_THAT(GetWith({.ca_file = File("ca.crt")}), IsOk());
  EXPECT_THAT(GetWith(ClientTls()), IsOk());
  StartServer(ClientCertificates::kNone);
  EXPECT_THAT(GetWith({.ca_file = File("ca.crt")}), IsOk());
}

TEST_F(TlsTest, MissingClientCertificateIsDiagnosed) {
  StartServer(ClientCertificates::kRequire);
  EXPECT_THAT(GetWith({.ca_file = File("ca.crt")}),
              StatusIs(StatusCode::kUnavailable, HasSubstr("cert_file is empty")));
}

TEST_F(TlsTest, WrongServerAuthorityIsDiagnosed) {
  StartServer(ClientCertificates::kNone);
  ASSERT_THAT(NewAuthority("other CA").WriteCert(File("other.crt")), IsOk());
  EXPECT_THAT(GetWith({.ca_file = File("other.crt")}),
              StatusIs(StatusCode::kUnavailable, HasSubstr("the CA in " + File("other.crt"))));
}

TEST_F(TlsTest, ClientOfAnotherAuthorityIsDiagnosed) {
  StartServer(ClientCertificates::kRequire);
  Put(*NewAuthority("other CA").IssueClient("stranger"), "client");
  EXPECT_THAT(GetWith(ClientTls()),
              StatusIs(StatusCode::kUnavailable, HasSubstr("was not issued by the CA")));
}

TEST_F(TlsTest, CertificateNotForClientsIsDiagnosed) {
  StartServer(ClientCertificates::kRequire);
  Put(ClientPair({.server_auth = true}), "client");
  EXPECT_THAT(GetWith(ClientTls()),
              StatusIs(StatusCode::kUnavailable, HasSubstr("lacks clientAuth")));
}

TEST_F(TlsTest, NameOfTheServerIsCheckedAndMayBeOverridden) {
  Put(*authority_.IssueServer({"open-match-evaluator"}), "server");
  StartServer(ClientCertificates::kNone);
  EXPECT_THAT(GetWith({.ca_file = File("ca.crt")}),
              StatusIs(StatusCode::kUnavailable, HasSubstr("set server_name")));
  EXPECT_THAT(GetWith({.ca_file = File("ca.crt"), .server_name = "open-match-evaluator"}), IsOk());
}

TEST_F(TlsTest, PlaintextServerIsDiagnosed) {
  server_ = std::make_unique<ScriptedServer>(
      [](const std::string&, const std::string&) { return ScriptedReply{}; });
  EXPECT_THAT(GetWith({.ca_file = File("ca.crt")}),
              StatusIs(StatusCode::kUnavailable, HasSubstr("does not speak TLS")));
}

TEST_F(TlsTest, TlsServerIsDiagnosedForAPlaintextClient) {
  StartServer(ClientCertificates::kNone);
  EXPECT_THAT(GetWith({.insecure = true}),
              StatusIs(StatusCode::kUnavailable, HasSubstr("may expect TLS")));
}

TEST_F(TlsTest, BadFilesAreNamedAtTheFactory) {
  const auto refusal = [&] { return MakeClient(ClientTls()).status(); };
  Put(ClientPair({.client_auth = true, .not_after = -hours(1)}), "client");
  EXPECT_THAT(refusal(), StatusIs(StatusCode::kInvalidArgument,
                                  HasSubstr(File("client.crt") + ": the certificate expired at")));
  Put(ClientPair({.client_auth = true, .not_before = hours(1)}), "client");
  EXPECT_THAT(refusal(), StatusIs(StatusCode::kInvalidArgument, HasSubstr("not valid before")));
  ASSERT_THAT(testing::WriteFileAtomically(File("client.crt"),
                                           authority_.IssueClient("another")->cert, 0644),
              IsOk());
  EXPECT_THAT(refusal(), StatusIs(StatusCode::kInvalidArgument,
                                  HasSubstr(File("client.key") + ": the key does not belong")));
  ASSERT_THAT(testing::WriteFileAtomically(File("client.key"), "nonsense", 0600), IsOk());
  EXPECT_THAT(refusal(), StatusIs(StatusCode::kInvalidArgument,
                                  HasSubstr(File("client.key") + ": holds no unencrypted")));
  std::filesystem::remove(File("client.key"));
  EXPECT_THAT(refusal(), StatusIs(StatusCode::kInvalidArgument,
                                  HasSubstr(File("client.key") + ": No such file")));
  ASSERT_THAT(testing::WriteFileAtomically(File("ca.crt"), "", 0644), IsOk());
  EXPECT_THAT(refusal(), StatusIs(StatusCode::kInvalidArgument,
                                  HasSubstr(File("ca.crt") + ": holds no PEM certificate")));
}

TEST_F(TlsTest, DamagedCertificateIsNamed) {
  std::string pem = authority_.cert_pem();
  pem.replace(pem.find('\n') + 40, 8, "!!!!!!!!");
  ASSERT_THAT(testing::WriteFileAtomically(File("ca.crt"), pem, 0644), IsOk());
  EXPECT_THAT(MakeClient(ClientTls()).status(),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("damaged certificate")));
}

TEST_F(TlsTest, ExpiryIsReported) {
  ASSERT_THAT(MakeClient(ClientTls()), IsOk());
  const auto identity =
      LoadIdentity(File("client.crt"), File("client.key"), std::chrono::system_clock::now());
  const double expiry =
      std::chrono::duration<double>(identity->not_after.time_since_epoch()).count();
  EXPECT_GT(expiry, 1.7e9);
  EXPECT_EQ(metrics_.Value("gsh_tls_certificate_expiry_seconds{file=" + File("client.crt") + "}"),
            expiry);
}

// RFC 5280's "no expiry" is the year 9999, beyond what the clock's 64 bits of nanoseconds hold.
TEST_F(TlsTest, CertificatesMayOutliveTheClock) {
  CertificateRequest request{.common_name = "player", .client_auth = true};
  request.not_after = std::chrono::years(1000);
  Put(*authority_.Issue(request), "client");
  StartServer(ClientCertificates::kRequire);
  auto client = MakeClient(ClientTls());
  ASSERT_THAT(client, IsOk());
  EXPECT_THAT(Get(**client), IsOk());
}

TEST_F(TlsTest, ClientFollowsItsFiles) {
  StartServer(ClientCertificates::kRequire);
  Put(*NewAuthority("other CA").IssueClient("stranger"), "client");
  auto client = MakeClient(ClientTls());
  ASSERT_THAT(client, IsOk());
  const auto first = (*client)->channel();
  EXPECT_THAT(Get(**client), StatusIs(StatusCode::kUnavailable));
  Put(*authority_.IssueClient("player"), "client");
  EXPECT_EQ((*client)->channel(), first);  // looked at less than a second ago
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(Get(**client), IsOk());
  EXPECT_NE((*client)->channel(), first);
  EXPECT_EQ(log_.Count("TLS files loaded anew"), 1);
}

TEST_F(TlsTest, ClientKeepsTheOldFilesWhenNewOnesAreBad) {
  StartServer(ClientCertificates::kRequire);
  auto client = MakeClient(ClientTls());
  ASSERT_THAT(client, IsOk());
  const auto first = (*client)->channel();
  ASSERT_THAT(testing::WriteFileAtomically(File("client.crt"), "half a certif", 0644), IsOk());
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(std::chrono::seconds(1));
    EXPECT_THAT(Get(**client), IsOk());
  }
  EXPECT_EQ((*client)->channel(), first);
  EXPECT_EQ(log_.Count("new TLS files refused"), 1);
  EXPECT_EQ(log_.Count(File("client.crt") + ": holds"), 1);
}

TEST_F(TlsTest, FilesWrittenAgainWithoutChangeKeepTheChannel) {
  StartServer(ClientCertificates::kRequire);
  auto client = MakeClient(ClientTls());
  ASSERT_THAT(client, IsOk());
  const auto first = (*client)->channel();
  ASSERT_THAT(authority_.WriteCert(File("ca.crt")), IsOk());
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ((*client)->channel(), first);
}

TEST_F(TlsTest, ServerFollowsItsFilesAndKeepsGoodOnes) {
  StartServer(ClientCertificates::kNone);
  const CertificateAuthority other = NewAuthority("other CA");
  ASSERT_THAT(other.WriteCert(File("other.crt")), IsOk());
  EXPECT_THAT(GetWith({.ca_file = File("ca.crt")}), IsOk());

  ASSERT_THAT(testing::WriteFileAtomically(File("server.key"), "nonsense", 0600), IsOk());
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(GetWith({.ca_file = File("ca.crt")}), IsOk());
  EXPECT_EQ(log_.Count("server's new TLS files refused"), 1);

  Put(*other.IssueServer({"127.0.0.1"}), "server");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(GetWith({.ca_file = File("other.crt")}), IsOk());
  EXPECT_FALSE(GetWith({.ca_file = File("ca.crt")}).ok());
}

TEST_F(TlsTest, ServersAuthoritiesForClientsAreFollowedToo) {
  StartServer(ClientCertificates::kRequire);
  const CertificateAuthority other = NewAuthority("other CA");
  Put(*other.IssueClient("player"), "client");
  TlsOptions tls = ClientTls();
  std::filesystem::copy(File("ca.crt"), File("server-ca.crt"));
  tls.ca_file = File("server-ca.crt");
  EXPECT_FALSE(GetWith(tls).ok());
  ASSERT_THAT(other.WriteCert(File("ca.crt")), IsOk());
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(GetWith(tls), IsOk());
}

TEST_F(TlsTest, ServersBadFilesAreNamed) {
  ServerTlsOptions options = ServerOptions(ClientCertificates::kRequire);
  options.tls.key_file = File("client.key");
  EXPECT_THAT(MakeServerCredentials(options),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("does not belong")));
  options.tls.key_file.clear();
  EXPECT_THAT(MakeServerCredentials(options),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("key_file")));
  options = ServerOptions(ClientCertificates::kRequire);
  options.tls.ca_file.clear();
  EXPECT_THAT(MakeServerCredentials(options),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("ca_file")));
}

TEST_F(TlsTest, KeysAreNotReadableByOthers) {
  const auto permissions = std::filesystem::status(File("client.key")).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(TlsTest, DiagnosesItsOwnFiles) {
  const auto found = [&] { return DiagnoseFiles(ClientTls()); };
  EXPECT_THAT(found(), IsEmpty());
  Put(ClientPair({.client_auth = true, .not_after = -hours(1)}), "client");
  EXPECT_THAT(found(), HasSubstr("expired at"));
  Put(ClientPair({.client_auth = true, .not_before = hours(1)}), "client");
  EXPECT_THAT(found(), HasSubstr("not valid before"));
  Put(ClientPair({.server_auth = true}), "client");
  EXPECT_THAT(found(), HasSubstr("lacks clientAuth"));
  Put(ClientPair({}), "client");  // no extended usage at all: good for anything
  EXPECT_THAT(found(), IsEmpty());
  Put(*NewAuthority("other CA").IssueClient("stranger"), "client");
  EXPECT_THAT(found(), HasSubstr("was not issued by the CA in " + File("ca.crt")));
  std::filesystem::copy_file(File("server.key"), File("client.key"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(found(), HasSubstr("does not belong"));
}

// Each look costs a millisecond, and all calls of a client may fail at once.
TEST_F(TlsTest, LooksAtItsFilesOnceASecondWhateverFails) {
  gsh::testing::ManualClock clock;
  const ClientOptions options{.endpoint = "h:1", .tls = ClientTls(), .clock = &clock};
  TlsDiagnosis diagnosis;
  EXPECT_THAT(diagnosis.Of(options, "Socket closed"), IsEmpty());
  Put(ClientPair({.client_auth = true, .not_after = -hours(1)}), "client");
  EXPECT_THAT(diagnosis.Of(options, "Socket closed"), IsEmpty());
  clock.Advance(std::chrono::seconds(1));
  EXPECT_THAT(diagnosis.Of(options, "Socket closed"), HasSubstr("expired at"));
  EXPECT_THAT(diagnosis.Of(options, "Connection refused"), HasSubstr("nothing listens"));
}

TEST(DiagnoseTls, SaysNothingOfOtherErrors) {
  EXPECT_THAT(DiagnoseTls({}, "h:1", "the match function failed", [] { return "files"; }),
              IsEmpty());
}

}  // namespace
}  // namespace gsh::rpc
