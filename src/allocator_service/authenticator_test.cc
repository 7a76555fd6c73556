#include "src/allocator_service/authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/allocator_service/test_hashes.h"
#include "src/rpc/common/base64.h"
#include "src/testing/temporary_directory.h"

namespace gsh::allocator_service {
namespace {

using Verdict = AuthResult::Verdict;
using gsh::testing::IsOk;

std::string Login(const std::string& name, const std::string& password) {
  return "Basic " + rpc::Base64Encode(name + ":" + password);
}

class AuthenticatorTest : public ::testing::Test {
 protected:
  AuthenticatorTest() { WriteUsers(std::string("v1GameClientKey:") + kSha512 + "\n"); }

  void WriteUsers(const std::string& text) { std::ofstream(file_) << text; }
  void Start(AuthenticatorOptions options = {}) {
    options.clock = &clock_;
    options.metrics = &metrics_;
    auto users = UserSource::Open({.file = file_, .clock = &clock_, .log = &log_});
    ASSERT_THAT(users, IsOk());
    authenticator_ = std::make_unique<Authenticator>(*std::move(users), options);
  }
  std::future<AuthResult> Ask(const std::string& login, const std::string& client = "192.0.2.1") {
    auto promise = std::make_shared<std::promise<AuthResult>>();
    authenticator_->Check(&login, client,
                          [promise](AuthResult result) { promise->set_value(std::move(result)); });
    return promise->get_future();
  }
  Verdict Check(const std::string& login, const std::string& client = "192.0.2.1") {
    return Ask(login, client).get().verdict;
  }
  double Count(const std::string& verdict) {
    return metrics_.Value("gsh_allocator_service_logins_total{verdict=" + verdict + "}");
  }

  const gsh::testing::TemporaryDirectory dir_;
  const std::string file_ = dir_.File("users");
  gsh::testing::ManualClock clock_;
  gsh::testing::RecordingLog log_;
  gsh::testing::RecordingMetrics metrics_;
  std::unique_ptr<Authenticator> authenticator_;
};

TEST_F(AuthenticatorTest, RightWrongUnknownAndMissing) {
  Start();
  const AuthResult right = Ask(kLogin).get();
  EXPECT_EQ(right.verdict, Verdict::kAccepted);
  EXPECT_EQ(right.user, "v1GameClientKey");
  EXPECT_EQ(Check(Login("v1GameClientKey", "wrong")), Verdict::kWrong);
  EXPECT_EQ(Check(Login("nobody", kPassword)), Verdict::kWrong) << "the hash is another's";
  EXPECT_EQ(Check("Bearer x"), Verdict::kMissing);
  authenticator_->Check(
      nullptr, "", [](const AuthResult& result) { EXPECT_EQ(result.verdict, Verdict::kMissing); });
  EXPECT_EQ(Count("accepted"), 1);
  EXPECT_EQ(Count("wrong"), 2);
  EXPECT_EQ(Count("missing"), 2);
}

TEST_F(AuthenticatorTest, FailuresOfAClientAreLimitedBeforeHashing) {
  Start({.failures_per_minute = 3});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Check(Login("v1GameClientKey", std::to_string(i))), Verdict::kWrong);
  }
  const AuthResult limited = Ask(Login("v1GameClientKey", "4")).get();
  EXPECT_EQ(limited.verdict, Verdict::kTooManyFailures);
  EXPECT_EQ(limited.pause, std::chrono::seconds(20));
  EXPECT_EQ(Check(kLogin), Verdict::kTooManyFailures) << "not known yet: it would need a hash";
  EXPECT_EQ(Check(kLogin, "192.0.2.2"), Verdict::kAccepted) << "others are not meant";
  EXPECT_EQ(Check(kLogin), Verdict::kAccepted) << "known now, no hash is needed";
  clock_.Advance(std::chrono::seconds(20));
  EXPECT_EQ(Check(Login("v1GameClientKey", "5")), Verdict::kWrong);
}

TEST_F(AuthenticatorTest, RightCredentialsCostNoFailure) {
  std::string users;
  for (int i = 0; i < 5; ++i) users += "user" + std::to_string(i) + ":" + kSha512 + "\n";
  WriteUsers(users);
  Start({.failures_per_minute = 1});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Check(Login("user" + std::to_string(i), kPassword)), Verdict::kAccepted);
  }
}

// A yescrypt hash of usual cost keeps the thread busy while the others come.
TEST_F(AuthenticatorTest, TheLineIsBoundedAndNobodyElseWaits) {
  WriteUsers(std::string("slow:") +
             "$y$j9T$abcdefghijklmnop$E5D5GqaFno7qD0POFBKkiYsDjBR/LJ8.mJqDZ9SbI63" + "\n");
  Start({.failures_per_minute = 100, .hash_places = 2});
  ASSERT_EQ(Check(Login("slow", kPassword)), Verdict::kAccepted);
  std::vector<std::future<AuthResult>> guesses;
  for (int i = 0; i < 20; ++i) guesses.push_back(Ask(Login("slow", std::to_string(i))));
  EXPECT_EQ(Ask(Login("slow", kPassword)).wait_for(std::chrono::seconds(0)),
            std::future_status::ready);
  int busy = 0;
  for (auto& guess : guesses) {
    const AuthResult result = guess.get();
    if (result.verdict == Verdict::kBusy) {
      ++busy;
      EXPECT_GT(result.pause, Duration::zero());
    } else {
      EXPECT_EQ(result.verdict, Verdict::kWrong);
    }
  }
  EXPECT_GE(busy, 10);
}

TEST_F(AuthenticatorTest, TheSameCredentialsAreHashedOnce) {
  Start({.failures_per_minute = 1, .hash_places = 1});
  std::vector<std::future<AuthResult>> asked;
  for (int i = 0; i < 50; ++i) asked.push_back(Ask(kLogin));
  for (auto& one : asked) EXPECT_EQ(one.get().verdict, Verdict::kAccepted);
}

TEST_F(AuthenticatorTest, NewUsersCountASecondLaterAndOldOnesAreOut) {
  Start();
  ASSERT_EQ(Check(kLogin), Verdict::kAccepted);
  WriteUsers(std::string("v1GameClientKey:") + kSha512Second + "\n");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(Check(kLogin), Verdict::kWrong) << "the cache is dropped";
  EXPECT_EQ(Check(Login("v1GameClientKey", "second")), Verdict::kAccepted);
}

TEST_F(AuthenticatorTest, ABadFileKeepsTheOldUsers) {
  Start();
  WriteUsers("v1GameClientKey:plaintext\n");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(Check(kLogin), Verdict::kAccepted);
  clock_.Advance(std::chrono::minutes(5));
  EXPECT_EQ(Check(kLogin), Verdict::kAccepted);
  EXPECT_EQ(log_.Count("line 1: this is no hash"), 1);
  EXPECT_EQ(log_.Count("plaintext"), 0);
}

TEST_F(AuthenticatorTest, NothingSecretIsLogged) {
  Start();
  Check(kLogin);
  Check(Login("v1GameClientKey", "wrong-password"));
  EXPECT_EQ(log_.Count(kPassword), 0);
  EXPECT_EQ(log_.Count("wrong-password"), 0);
  EXPECT_EQ(log_.Count("saltsalt"), 0);
}

TEST(UserSourceTest, UsersOfTheEnvironment) {
  const gsh::testing::FakeEnv env({{"GSH_USERS", std::string("a:") + kSha512 + " b:" + kBcrypt}});
  const auto source = UserSource::Open({.env = &env});
  ASSERT_THAT(source, IsOk());
  EXPECT_EQ((*source)->Get()->size(), 2u);
}

TEST(UserSourceTest, SaysWhatIsMissingOrBad) {
  using gsh::testing::StatusIs;
  using ::testing::AllOf;
  using ::testing::HasSubstr;
  const gsh::testing::FakeEnv none;
  EXPECT_THAT(UserSource::Open({.env = &none}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("--users-file"), HasSubstr("GSH_USERS"))));
  EXPECT_THAT(UserSource::Open({.file = "/nowhere/users"}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("/nowhere/users")));
  const gsh::testing::FakeEnv bad(std::map<std::string, std::string>{{"GSH_USERS", "a:b"}});
  EXPECT_THAT(UserSource::Open({.env = &bad}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("GSH_USERS: line 1")));
}

}  // namespace
}  // namespace gsh::allocator_service
