// Wrong, expired and mismatched certificates and a wrong server name, at the real programs and the
// sandbox over TLS: each is named, and those who have good ones notice nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/testing/matchers.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"
#include "tests/support/running_program.h"

namespace gsh {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::CertificateAuthority;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::Outcome;
using testing::PemPair;
using testing::Sandbox;

// One sandbox for all: nothing that a test does may harm the next one.
class BadCertificatesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    root_.emplace();
    auto sandbox = Sandbox::Start(
        {.dir = root_->File("sandbox"), .replicas = 1, .allocation_batch_wait = Duration::zero()});
    ASSERT_THAT(sandbox, IsOk());
    sandbox_ = *std::move(sandbox);
  }
  static void TearDownTestSuite() {
    sandbox_.reset();
    root_.reset();
  }

  void SetUp() override {
    auto authority = CertificateAuthority::Make("somebody else");
    ASSERT_THAT(authority, IsOk());
    other_ = std::make_unique<CertificateAuthority>(*std::move(authority));
    fs::create_directories(dir_);
    fs::copy(root_->path() / "sandbox" / "client-tls", dir_ / "player",
             fs::copy_options::recursive);
    fs::copy(root_->path() / "sandbox" / "agones-tls", dir_ / "agones",
             fs::copy_options::recursive);
  }

  // Whatever went wrong, the next one who does it right is served.
  void TearDown() override {
    auto frontend = openmatch::MakeFrontend({.client = {.endpoint = sandbox_->endpoints().frontend,
                                                        .tls = sandbox_->open_match_tls()}});
    ASSERT_THAT(frontend, IsOk());
    const auto ticket = (*frontend)->CreateTicket({});
    ASSERT_THAT(ticket, IsOk());
    EXPECT_EQ(sandbox_->ticket_count(), 1u) << "a refused client left something behind";
    EXPECT_THAT((*frontend)->DeleteTicket(ticket->id), IsOk());
    fs::remove_all(dir_);
  }

  PemPair Issue(std::chrono::seconds not_after) const {
    const auto pair = other_->Issue({.common_name = "player",
                                     .client_auth = true,
                                     .not_before = -std::chrono::hours(48),
                                     .not_after = not_after});
    EXPECT_THAT(pair, IsOk());
    return *pair;
  }

  // A player, who does not wait for an assignment longer than it takes to be refused.
  Outcome Play(std::vector<std::string> more = {}) const {
    std::vector<std::string> args = {"-frontend", sandbox_->endpoints().frontend, "--tls-dir",
                                     (dir_ / "player").string()};
    args.insert(args.end(), more.begin(), more.end());
    return testing::RunToEnd({.program = "gsh-ncat-client", .args = args});
  }

  // One allocation by the library, with the files in dir_/agones.
  Status Allocate(std::string server_name = {}) const {
    const std::string folder = (dir_ / "agones").string();
    auto allocator = agones::MakeAllocator(
        {.client = {.endpoint = sandbox_->endpoints().allocators.begin()->second,
                    .tls = {.ca_file = folder + "/ca.crt",
                            .cert_file = folder + "/client.crt",
                            .key_file = folder + "/client.key",
                            .server_name = std::move(server_name)},
                    .retry = {.max_attempts = 1}}});
    if (!allocator.ok()) return allocator.status();
    return (*allocator)->Allocate({.ns = "default"}).status();
  }

  static inline std::optional<testing::TemporaryDirectory> root_;
  static inline std::unique_ptr<Sandbox> sandbox_;
  const fs::path dir_ = root_->path() / "case";
  std::unique_ptr<CertificateAuthority> other_;
};

TEST_F(BadCertificatesTest, AnExpiredCertificateIsNamedWithItsDate) {
  const std::string cert = (dir_ / "player" / "public.cert").string();
  ASSERT_THAT(Issue(-std::chrono::hours(24)).Write(cert, dir_ / "player" / "private.key"), IsOk());
  const Outcome outcome = Play();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.output, HasSubstr("tls: " + cert + ": the certificate expired at 20"));
}

TEST_F(BadCertificatesTest, AKeyOfAnotherCertificateIsNamed) {
  const fs::path player = dir_ / "player";
  ASSERT_THAT(Issue(std::chrono::hours(24)).Write(dir_ / "unused", player / "private.key"), IsOk());
  const Outcome outcome = Play();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.output, HasSubstr((player / "private.key").string() +
                                        ": the key does not belong to the certificate in " +
                                        (player / "public.cert").string()));
}

TEST_F(BadCertificatesTest, ADamagedFileIsNamed) {
  const std::string ca = (dir_ / "player" / "publicCA.cert").string();
  ASSERT_THAT(testing::WriteFileAtomically(ca, "not a certificate\n", 0644), IsOk());
  const Outcome outcome = Play();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.output,
              HasSubstr("tls: " + ca + ": holds no PEM certificate (--tls-dir is "));
}

TEST_F(BadCertificatesTest, AnAuthorityThatDidNotIssueTheServerIsDiagnosed) {
  ASSERT_THAT(other_->WriteCert(dir_ / "player" / "publicCA.cert"), IsOk());
  const Outcome outcome = Play();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("gsh-ncat-client: UNAVAILABLE: "), HasSubstr("(likely: "),
                    HasSubstr((dir_ / "player" / "publicCA.cert").string())));
}

TEST_F(BadCertificatesTest, AWrongServerNameIsDiagnosed) {
  const Outcome outcome = Play({"--server-name", "open-match.example.com"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("gsh-ncat-client: UNAVAILABLE: "),
                                    HasSubstr("open-match.example.com")));
}

TEST_F(BadCertificatesTest, AClientThatTheAllocatorDoesNotKnowIsDiagnosed) {
  ASSERT_THAT(Issue(std::chrono::hours(24))
                  .Write(dir_ / "agones" / "client.crt", dir_ / "agones" / "client.key"),
              IsOk());
  const Status status = Allocate();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("likely: "), HasSubstr("client.crt")));
}

TEST_F(BadCertificatesTest, TheAllocatorsServerNameIsChecked) {
  const Status status = Allocate("allocator.example.com");
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), HasSubstr("allocator.example.com"));
  EXPECT_THAT(Allocate(), IsOk());
}

}  // namespace
}  // namespace gsh
