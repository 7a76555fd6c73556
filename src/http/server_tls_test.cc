// Certificates that change, handshakes that stall.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/http/server_fixture.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"

namespace gsh::http {
namespace {

using gsh::testing::IsOk;
using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::StartsWith;

// A TLS context with a certificate for `name`.
std::shared_ptr<SSL_CTX> ServerContext(const gsh::testing::CertificateAuthority& authority,
                                       const std::string& name) {
  const auto pair = authority.IssueServer({name});
  const gsh::testing::TemporaryDirectory files;
  const std::string certificate = files.File("server.crt");
  const std::string key = files.File("server.key");
  EXPECT_THAT(pair->Write(certificate, key), IsOk());
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  EXPECT_EQ(SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM), 1);
  return context;
}

// The certificate's common name and the response, as "name: response".
std::string AskTls(int port) {
  Socket socket(port);
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                       SSL_CTX_free);
  std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context.get()), SSL_free);
  socket.SetTimeout(kPatience);  // OpenSSL blocks in recv
  SSL_set_fd(ssl.get(), socket.fd());
  if (SSL_connect(ssl.get()) != 1) return "no TLS";
  const std::string get = "GET / HTTP/1.1\r\n" + kClose + "\r\n";
  SSL_write(ssl.get(), get.data(), static_cast<int>(get.size()));
  std::unique_ptr<X509, void (*)(X509*)> peer(SSL_get1_peer_certificate(ssl.get()), X509_free);
  char name[256] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name, sizeof name);
  std::string answer = std::string(name) + ": ";
  char chunk[4096];
  for (int count = 0; (count = SSL_read(ssl.get(), chunk, sizeof chunk)) > 0;) {
    answer.append(chunk, static_cast<std::size_t>(count));
  }
  return answer;
}

TEST_F(ServerTest, TlsContextIsAskedForEachConnection) {
  const auto authority = gsh::testing::CertificateAuthority::Make("test");
  ASSERT_THAT(authority, IsOk());
  const std::vector<std::shared_ptr<SSL_CTX>> contexts = {
      ServerContext(*authority, "first"), ServerContext(*authority, "second"), nullptr};
  std::atomic<std::size_t> next = 0;
  ServerOptions options;
  // The last one for all others: this port may be known to a client of an earlier test.
  options.tls = [&] { return contexts[std::min(next++, contexts.size() - 1)]; };
  Start(std::move(options));
  EXPECT_THAT(AskTls(server_->port()), AllOf(StartsWith("first: HTTP"), EndsWith("GET /? []")));
  EXPECT_THAT(AskTls(server_->port()), AllOf(StartsWith("second: HTTP"), EndsWith("GET /? []")));
  EXPECT_EQ(AskTls(server_->port()), "no TLS");
  server_->Stop();
}

TEST_F(ServerTest, AStalledHandshakeIsCutOff) {
  const auto authority = gsh::testing::CertificateAuthority::Make("test");
  const auto context = ServerContext(*authority, "name");
  ServerOptions options;
  options.request_timeout = milliseconds(100);
  options.tls = [&] { return context; };
  Start(std::move(options));
  EXPECT_EQ(Socket(server_->port()).ReadAll(), "");
}

}  // namespace
}  // namespace gsh::http
