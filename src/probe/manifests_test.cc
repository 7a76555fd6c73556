#include "src/probe/manifests.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "gsh/testing/matchers.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"

namespace gsh::probe {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;
using Json = nlohmann::json;

class TrustManifestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    authority_ = *testing::CertificateAuthority::Make("ca");
    ASSERT_THAT(authority_->IssueClient("client")->Write(tls_.cert_file, tls_.key_file), IsOk());
    ASSERT_THAT(authority_->WriteCert(tls_.ca_file), IsOk());
  }
  const testing::TemporaryDirectory dir_;
  const TlsOptions tls_ = {.ca_file = dir_.File("ca.crt"),
                           .cert_file = dir_.File("tls.crt"),
                           .key_file = dir_.File("tls.key")};
  std::optional<testing::CertificateAuthority> authority_;
};

TEST_F(TrustManifestTest, HoldsTheThreeFiles) {
  const auto manifest = TrustManifest("allocator-secret-to-cluster-2", "agones-system", tls_);
  ASSERT_THAT(manifest, IsOk());
  const Json json = Json::parse(*manifest);
  EXPECT_EQ(json["kind"], "Secret");
  EXPECT_EQ(json["metadata"]["name"], "allocator-secret-to-cluster-2");
  // "-----BEGIN"
  for (const char* key : {"ca.crt", "tls.crt", "tls.key"}) {
    EXPECT_THAT(json["data"][key].get<std::string>(), ::testing::StartsWith("LS0tLS1CRUdJTi"));
  }
}

TEST_F(TrustManifestTest, LooksAtThemFirst) {
  EXPECT_THAT(TrustManifest("", "ns", tls_), StatusIs(StatusCode::kInvalidArgument));
  std::ofstream(tls_.ca_file) << "nonsense";
  EXPECT_THAT(TrustManifest("s", "ns", tls_),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr(tls_.ca_file)));
  const auto stranger = authority_->IssueClient("other");
  std::ofstream(tls_.key_file) << stranger->key;
  EXPECT_THAT(TrustManifest("s", "ns", tls_),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr(tls_.key_file)));
}

}  // namespace
}  // namespace gsh::probe
