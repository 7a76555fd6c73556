// Certificates: whose are trusted, whose are shown, and what happens when the files change.
#include <openssl/ssl.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "gsh/testing/manual_clock.h"
#include "src/http/client/client_fixture.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"

namespace gsh::http {
namespace {

using gsh::testing::CertificateAuthority;
using gsh::testing::IsOk;
using gsh::testing::PemPair;
using gsh::testing::StatusIs;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;

class ClientTlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    authority_ = *CertificateAuthority::Make("ours");
    other_ = *CertificateAuthority::Make("another");
    ASSERT_THAT(authority_->WriteCert(Path("ca.crt")), IsOk());
    ASSERT_THAT(other_->WriteCert(Path("other.crt")), IsOk());
    ASSERT_THAT(authority_->IssueClient("player")->Write(Path("tls.crt"), Path("tls.key")), IsOk());
  }
  std::string Path(const std::string& name) const { return files_.File(name); }

  void Start(const std::vector<std::string>& names, bool ask_client = false, int version = 0) {
    ASSERT_THAT(authority_->IssueServer(names)->Write(Path("server.crt"), Path("server.key")),
                IsOk());
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    ASSERT_EQ(SSL_CTX_use_certificate_chain_file(context.get(), Path("server.crt").c_str()), 1);
    ASSERT_EQ(
        SSL_CTX_use_PrivateKey_file(context.get(), Path("server.key").c_str(), SSL_FILETYPE_PEM),
        1);
    if (ask_client) {
      SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
      ASSERT_EQ(SSL_CTX_load_verify_locations(context.get(), Path("ca.crt").c_str(), nullptr), 1);
    }
    if (version != 0) {
      SSL_CTX_set_security_level(context.get(), 0);
      SSL_CTX_set_max_proto_version(context.get(), version);
    }
    auto server = Server::Start({.address = "127.0.0.1:0",
                                 .handler =
                                     [this](const Request& request) {
                                       ++asked_;
                                       return Response{.body = *request.FindHeader("host")};
                                     },
                                 .tls = [context] { return context; }});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
  }
  ClientOptions Options(TlsOptions tls) const {
    return {.endpoint = endpoint(), .tls = std::move(tls), .retry = {.max_attempts = 1}};
  }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(server_->port()); }

  const gsh::testing::TemporaryDirectory files_;
  std::optional<CertificateAuthority> authority_;
  std::optional<CertificateAuthority> other_;
  std::atomic<int> asked_ = 0;
  std::unique_ptr<Server> server_;
};

TEST_F(ClientTlsTest, TheServerMustHaveOurAuthoritysCertificateForItsName) {
  Start({"127.0.0.1"});
  EXPECT_THAT(Send(*Make(Options({.ca_file = Path("ca.crt")})), {}).status, IsOk());
  const Status other = Send(*Make(Options({.ca_file = Path("other.crt")})), {}).status;
  EXPECT_THAT(other, StatusIs(StatusCode::kUnavailable, HasSubstr("was not issued by the CA in")));
  EXPECT_EQ(other.info()->name, kNotSent);
  EXPECT_THAT(Send(*Make(Options({})), {}).status,
              StatusIs(StatusCode::kUnavailable, HasSubstr("CA of this system")));
  EXPECT_EQ(asked_, 1);
}

TEST_F(ClientTlsTest, AnotherNameIsRefusedUnlessAskedFor) {
  Start({"allocator.example"});
  EXPECT_THAT(Send(*Make(Options({.ca_file = Path("ca.crt")})), {}).status,
              StatusIs(StatusCode::kUnavailable, HasSubstr("carries another name")));
  const Answer answer =
      Send(*Make(Options({.ca_file = Path("ca.crt"), .server_name = "allocator.example"})), {});
  EXPECT_THAT(answer.status, IsOk());
  EXPECT_EQ(answer.response.body, endpoint());  // the Host that it was sent
  EXPECT_FALSE(Send(*Make(Options({.ca_file = Path("ca.crt"), .server_name = "other.example"})), {})
                   .status.ok());
  EXPECT_EQ(asked_, 1);
}

TEST_F(ClientTlsTest, OurCertificateIsShown) {
  Start({"127.0.0.1"}, true);
  EXPECT_THAT(Send(*Make(Options({.ca_file = Path("ca.crt")})), {}).status,
              StatusIs(StatusCode::kUnavailable, HasSubstr("client certificate")));
  EXPECT_THAT(Send(*Make(Options({.ca_file = Path("ca.crt"),
                                  .cert_file = Path("tls.crt"),
                                  .key_file = Path("tls.key")})),
                   {})
                  .status,
              IsOk());
}

TEST_F(ClientTlsTest, CertificatesFromMemory) {
  Start({"127.0.0.1"}, true);
  auto pair = *authority_->IssueClient("player");
  auto material = std::make_shared<rpc::TlsMaterial>();
  material->roots = authority_->cert_pem();
  material->chain = pair.cert;
  material->key = rpc::SecretText(pair.key);
  const auto client = Make(Options({}), {.tls = [&] { return material; }});
  EXPECT_THAT(Send(*client, {}).status, IsOk());
  EXPECT_EQ(asked_, 1);
}

TEST_F(ClientTlsTest, NewFilesAreUsedWithoutARestartAndBadOnesAreNot) {
  Start({"127.0.0.1"});
  gsh::testing::ManualClock clock;
  gsh::testing::RecordingLog log;
  ClientOptions options = Options({.ca_file = Path("ca.crt")});
  options.clock = &clock;
  options.log = &log;
  const auto client = Make(options);
  EXPECT_THAT(Send(*client, {}).status, IsOk());

  ASSERT_THAT(gsh::testing::WriteFileAtomically(Path("ca.crt"), "nonsense", 0644), IsOk());
  clock.Advance(seconds(2));
  EXPECT_THAT(Send(*client, {}).status, IsOk());
  EXPECT_EQ(log.Count("new TLS files refused"), 1);

  // The other authority alone: a kept connection that the old one vouched for does not count.
  ASSERT_THAT(other_->WriteCert(Path("ca.crt")), IsOk());
  clock.Advance(seconds(2));
  EXPECT_THAT(Send(*client, {}).status, StatusIs(StatusCode::kUnavailable));
  ASSERT_THAT(authority_->WriteCert(Path("ca.crt")), IsOk());
  clock.Advance(seconds(2));
  EXPECT_THAT(Send(*client, {}).status, IsOk());
}

TEST_F(ClientTlsTest, OldTlsIsRefused) {
  Start({"127.0.0.1"}, false, TLS1_1_VERSION);
  EXPECT_THAT(Send(*Make(Options({.ca_file = Path("ca.crt")})), {}).status,
              StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(asked_, 0);
}

TEST_F(ClientTlsTest, APlaintextServerIsToldApart) {
  RawServer plain([](RawConnection& connection) {
    connection.Send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    connection.WaitForClose();
  });
  ClientOptions options{.endpoint = plain.endpoint(),
                        .tls = {.ca_file = Path("ca.crt")},
                        .retry = {.max_attempts = 1}};
  EXPECT_THAT(Send(*Make(options), {}).status,
              StatusIs(StatusCode::kUnavailable, HasSubstr("does not speak TLS")));
}

}  // namespace
}  // namespace gsh::http
