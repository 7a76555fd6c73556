#include "src/http/server_tls_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <fstream>
#include <string>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"

namespace gsh::http {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::HasSubstr;

std::string NameIn(const std::shared_ptr<SSL_CTX>& context) {
  X509* const certificate = SSL_CTX_get0_certificate(context.get());
  char name[256] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  return name;
}

class ServerTlsFilesTest : public ::testing::Test {
 protected:
  void Write(const std::string& name) {
    ASSERT_THAT(authority_->IssueServer({name})->Write(cert_, key_), IsOk());
  }
  StatusOr<std::shared_ptr<ServerTlsFiles>> Open() {
    return ServerTlsFiles::Open(
        {.cert_file = cert_, .key_file = key_, .clock = &clock_, .log = &log_});
  }

  const gsh::testing::TemporaryDirectory dir_;
  const std::string cert_ = dir_.File("tls.crt");
  const std::string key_ = dir_.File("tls.key");
  const StatusOr<gsh::testing::CertificateAuthority> authority_ =
      gsh::testing::CertificateAuthority::Make("test");
  gsh::testing::ManualClock clock_;
  gsh::testing::RecordingLog log_;
};

TEST_F(ServerTlsFilesTest, NewFilesAreSeenASecondLater) {
  Write("first");
  const auto files = Open();
  ASSERT_THAT(files, IsOk());
  EXPECT_EQ(NameIn((*files)->Context()), "first");
  Write("second");
  EXPECT_EQ(NameIn((*files)->Context()), "first");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(NameIn((*files)->Context()), "second");
}

TEST_F(ServerTlsFilesTest, BadFilesKeepTheOldOnes) {
  Write("first");
  const auto files = Open();
  ASSERT_THAT(files, IsOk());
  std::ofstream(key_) << "nonsense";
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(NameIn((*files)->Context()), "first");
  clock_.Advance(std::chrono::minutes(2));  // tried again, and said once
  EXPECT_EQ(NameIn((*files)->Context()), "first");
  EXPECT_EQ(log_.Count("refused"), 1);
  EXPECT_EQ(log_.Count(key_), 1);
  Write("second");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(NameIn((*files)->Context()), "second");
}

TEST_F(ServerTlsFilesTest, OldProtocolsAreRefused) {
  Write("name");
  const auto files = Open();
  ASSERT_THAT(files, IsOk());
  EXPECT_EQ(SSL_CTX_get_min_proto_version((*files)->Context().get()), TLS1_2_VERSION);
}

TEST_F(ServerTlsFilesTest, ErrorsNameTheFile) {
  EXPECT_THAT(Open(), StatusIs(StatusCode::kInvalidArgument, HasSubstr(cert_)));
  Write("name");
  std::ofstream(cert_) << "";
  EXPECT_THAT(Open(), StatusIs(StatusCode::kInvalidArgument, HasSubstr(cert_)));
  EXPECT_THAT(ServerTlsFiles::Open({}), StatusIs(StatusCode::kInvalidArgument, HasSubstr("needs")));
}

}  // namespace
}  // namespace gsh::http
