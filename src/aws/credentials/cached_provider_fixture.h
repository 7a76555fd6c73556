// What the tests of the cache of credentials share: a scripted source, on a manual clock.
#ifndef GSH_SRC_AWS_CREDENTIALS_CACHED_PROVIDER_FIXTURE_H_
#define GSH_SRC_AWS_CREDENTIALS_CACHED_PROVIDER_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/aws/credentials/source.h"

namespace gsh::aws {

// What a test does with each fetch, at once or later.
struct Script {
  std::vector<CredentialSource::Done> open = {};  // fetches that wait for an answer
  std::stop_token stop = {};                      // of the last one
  int fetches = 0;
  bool answer_at_once = true;
  StatusOr<Fetched> answer = UnavailableError("nothing scripted");
};

class ScriptedSource final : public CredentialSource {
 public:
  explicit ScriptedSource(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  void FetchAsync(std::stop_token stop, Done done) override {
    ++script_->fetches;
    script_->stop = std::move(stop);
    if (script_->answer_at_once) return done(script_->answer);
    script_->open.push_back(std::move(done));
  }

 private:
  const std::shared_ptr<Script> script_;
};

class CachedProviderTest : public ::testing::Test {
 protected:
  CachedProviderTest() { Make({}); }

  void Make(CredentialCacheOptions options) {
    options.clock = &clock_;
    options.rng = &rng_;
    options.log = &log_;
    options.metrics = &metrics_;
    options.executor = InlineExecutor();
    auto made = MakeCachedProvider(std::make_unique<ScriptedSource>(script_), options);
    ASSERT_THAT(made, gsh::testing::IsOk());
    provider_ = *std::move(made);
  }
  Fetched Good(const std::string& id, Duration life) {
    Fetched fetched{.credentials = Credentials(id, "secret-of-" + id, "token-of-" + id)};
    fetched.credentials.expiration =
        clock_.Now() + std::chrono::duration_cast<WallTime::duration>(life);
    fetched.credentials.source = "script";
    return fetched;
  }
  void Answer(const std::string& id, Duration life) { script_->answer = Good(id, life); }
  void Fail(const std::string& why) { script_->answer = UnavailableError(why); }

  // Becomes "ID" or "error: MESSAGE".
  std::shared_ptr<std::string> Ask(CallOptions options = {}) {
    auto text = std::make_shared<std::string>("waiting");
    provider_->GetAsync(std::move(options), [text](auto got) {
      EXPECT_EQ(*text, "waiting") << "called twice";
      *text = got.ok() ? (*got)->access_key_id : "error: " + got.status().message();
    });
    return text;
  }
  std::string Get() { return *Ask(); }

  testing::ManualClock clock_;
  testing::FixedRng rng_{~0ULL};  // the longest pauses
  testing::RecordingLog log_;
  testing::RecordingMetrics metrics_;
  std::shared_ptr<Script> script_ = std::make_shared<Script>();
  std::shared_ptr<CredentialsProvider> provider_;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_CACHED_PROVIDER_FIXTURE_H_
