#include "gsh/kubernetes/watch.h"

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

#include "src/kubernetes/api_fixture.h"
#include "src/testing/temporary_directory.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::IsOk;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr char kKind[] = "agones.dev/gameservers";

class WatchTest : public ApiTest {
 protected:
  WatchOptions Follow(int page_size = 3) {
    return {.resource = kGameServers,
            .ns = "games",
            .page_size = page_size,
            .retry = {.initial_backoff = milliseconds(1), .max_backoff = milliseconds(20)},
            .log = &log_};
  }
  void Start(WatchOptions options) {
    watch_ = Watch::Start(*client_, std::move(options), [this](const Change& change) {
      std::lock_guard lock(mutex_);
      Apply(change);
      changed_.notify_all();
    });
  }
  // As every user would: the changes alone make the picture.
  void Apply(const Change& change) {
    switch (change.kind) {
      case Change::Kind::kAdded:
        EXPECT_TRUE(picture_.emplace(change.name, change.object).second) << change.name;
        ++added_;
        break;
      case Change::Kind::kModified:
        EXPECT_TRUE(picture_.contains(change.name)) << change.name;
        picture_[change.name] = change.object;
        ++modified_;
        break;
      case Change::Kind::kDeleted:
        EXPECT_EQ(picture_.erase(change.name), 1u) << change.name;
        break;
      case Change::Kind::kSynced:
        ++synced_;
        break;
    }
  }
  template <typename Condition>
  bool WaitUntil(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(20), condition);
  }
  // What the server has, in the picture's form.
  std::map<std::string, std::string> Truth() {
    std::map<std::string, std::string> truth;
    const auto listed = api_->store().List(kKind, "games", "", 0, [](const Json&) { return true; });
    for (const Json& item : listed.items) truth[item["metadata"]["name"]] = Dump(item);
    return truth;
  }
  void Add(const std::string& name) {
    Put(kKind, R"({"metadata":{"name":")" + name + R"(","namespace":"games"}})");
  }
  void Touch(const std::string& name) {
    const auto updated = api_->store().Update(kKind, "games", name, [&](Json& object) {
      object["status"]["count"] = ++touches_;
      return OkStatus();
    });
    ASSERT_THAT(updated, IsOk());
  }
  void Remove(const std::string& name) {
    ASSERT_THAT(api_->store().Delete(kKind, "games", name), IsOk());
  }
  void WaitForWatch() {
    while (api_->watches() == 0) std::this_thread::yield();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::string> picture_;
  int added_ = 0;
  int modified_ = 0;
  int synced_ = 0;
  int touches_ = 0;
  std::unique_ptr<Watch> watch_;
};

TEST_F(WatchTest, ListsInPagesThenFollows) {
  for (int i = 0; i < 7; ++i) Add("s" + std::to_string(i));
  Start(Follow());
  ASSERT_TRUE(WaitUntil([&] { return synced_ == 1; }));
  EXPECT_EQ(picture_, Truth());
  Add("late");
  Touch("s1");
  Remove("s2");
  EXPECT_TRUE(WaitUntil([&] { return !picture_.contains("s2"); }));
  EXPECT_EQ(picture_, Truth());
  EXPECT_EQ(synced_, 1);
  const auto requests = api_->TakeRequests();
  EXPECT_THAT(requests, ::testing::SizeIs(4));  // three pages, one watch
}

TEST_F(WatchTest, GoesOnWhereItWasAfterADisconnect) {
  Add("a");
  Start(Follow());
  ASSERT_TRUE(WaitUntil([&] { return synced_ == 1; }));
  for (int i = 0; i < 100; ++i) {
    WaitForWatch();
    if (i % 2 == 0) api_->CutWatches();
    Touch("a");
    if (i % 2 == 1) api_->CutWatches();
    if (i % 10 == 0) Add("n" + std::to_string(i));
  }
  EXPECT_TRUE(WaitUntil([&] { return modified_ == 100 && added_ == 11; }))
      << modified_ << " " << added_;
  EXPECT_EQ(synced_, 1);  // no list but the first
  EXPECT_EQ(picture_, Truth());
}

TEST_F(WatchTest, WhatHappenedWhileTheServerForgotIsTold) {
  Add("same");
  Add("changed");
  Add("gone");
  Add("replaced");
  Start(Follow());
  ASSERT_TRUE(WaitUntil([&] { return synced_ == 1; }));
  WaitForWatch();
  for (int round = 1; round <= 10; ++round) {
    api_->Fail({.path = "watch=true", .code = 503, .times = 2});
    api_->CutWatches();
    Touch("changed");
    Remove("replaced");
    Add("replaced");
    if (round % 2 == 1) Remove("gone");
    if (round % 2 == 0) Add("gone");
    api_->store().ForgetHistory();
    ASSERT_TRUE(WaitUntil([&] { return synced_ == round + 1; })) << round;
    EXPECT_EQ(picture_, Truth());
    WaitForWatch();
  }
}

TEST_F(WatchTest, BookmarksKeepAQuietWatchFromListingAgain) {
  Add("a");
  Start(Follow());
  ASSERT_TRUE(WaitUntil([&] { return synced_ == 1; }));
  WaitForWatch();
  Put("/pods", R"({"metadata":{"name":"noise","namespace":"games"}})");
  api_->SendBookmarks();
  api_->EndWatches();  // what was written before comes first
  api_->store().ForgetHistory();
  WaitForWatch();
  Touch("a");
  EXPECT_TRUE(WaitUntil([&] { return modified_ == 1; }));
  EXPECT_EQ(synced_, 1);
}

TEST_F(WatchTest, ListsAreBegunAgainWhenTheyExpireHalfWay) {
  for (int i = 0; i < 7; ++i) Add("s" + std::to_string(i));
  api_->Fail({.path = "continue=", .code = 410, .reason = "Expired", .times = 2});
  Start(Follow());
  ASSERT_TRUE(WaitUntil([&] { return synced_ == 1; }));
  EXPECT_EQ(picture_, Truth());
  EXPECT_EQ(added_, 7);
}

TEST_F(WatchTest, FailuresOfEveryKindAreOutlived) {
  Add("a");
  api_->Fail({.code = 403, .reason = "Forbidden", .times = 3});
  Start(Follow());
  ASSERT_TRUE(WaitUntil([&] { return synced_ == 1; }));
  for (const int code : {401, 403, 404, 429, 500, 503}) {
    WaitForWatch();
    api_->Fail({.path = "watch=true", .code = code, .times = 3});
    api_->CutWatches();
    const int before = modified_;
    Touch("a");
    EXPECT_TRUE(WaitUntil([&] { return modified_ == before + 1; })) << code;
  }
  EXPECT_EQ(picture_, Truth());
  EXPECT_GT(log_.Count("Kubernetes watch interrupted"), 0);
}

TEST_F(WatchTest, ATokenMayExpireInMidWatch) {
  const gsh::testing::TemporaryDirectory files;
  std::ofstream(files.File("token")) << "old";
  api_->SetToken("old");
  KubernetesOptions options = Options();
  options.cluster.credentials = *MakeTokenFile(files.File("token"));
  client_ = Make(options);
  Add("a");
  Start(Follow());
  ASSERT_TRUE(WaitUntil([&] { return synced_ == 1; }));
  WaitForWatch();
  api_->SetToken("new");
  std::ofstream(files.File("token")) << "new";
  api_->CutWatches();
  Touch("a");
  EXPECT_TRUE(WaitUntil([&] { return modified_ == 1; }));
  EXPECT_EQ(synced_, 1);
  watch_.reset();
}

TEST_F(WatchTest, NothingRunsOnceItIsDestroyed) {
  Add("a");
  Start(Follow());
  ASSERT_TRUE(WaitUntil([&] { return synced_ == 1; }));
  watch_.reset();
  Touch("a");
  Add("b");
  EXPECT_EQ(modified_, 0);
  EXPECT_EQ(added_, 1);
}

TEST_F(WatchTest, AChangeMayDestroyIt) {
  Add("a");
  Add("b");
  std::promise<void> destroyed;
  std::mutex starting;
  std::unique_ptr<Watch> watch;
  std::atomic<int> calls = 0;
  {
    std::lock_guard lock(starting);
    watch = Watch::Start(*client_, Follow(), [&](const Change&) {
      ++calls;
      {
        std::lock_guard started(starting);
      }
      watch.reset();
      destroyed.set_value();
    });
  }
  destroyed.get_future().wait();
  client_.reset();
  EXPECT_EQ(calls, 1);
}

// Random changes, disconnects and lost histories: in the end the picture is the truth.
TEST_F(WatchTest, NoChangeIsEverMissed) {
  gsh::testing::SeededRng rng(7);
  int made = 0;
  Start(Follow(5));
  for (int step = 0; step < 2000; ++step) {
    const auto truth = Truth();
    const auto pick = [&] {
      return std::next(truth.begin(), static_cast<long>(rng.Next() % truth.size()))->first;
    };
    switch (rng.Next() % 12) {
      case 0:
        api_->CutWatches();
        break;
      case 1:
        if (rng.Next() % 8 == 0) api_->store().ForgetHistory();
        break;
      case 2:
        api_->SendBookmarks();
        break;
      case 3:
        api_->Fail({.code = rng.Next() % 2 == 0 ? 500 : 410, .reason = "Expired"});
        break;
      case 4:
      case 5:
        if (!truth.empty()) Remove(pick());
        break;
      case 6:
      case 7:
      case 8:
        ++made;
        Add("s" + std::to_string(made % 40) + "-" + std::to_string(made / 40));
        break;
      default:
        if (!truth.empty()) Touch(pick());
    }
  }
  // One that nobody else touches marks the end.
  Add("the-end");
  ASSERT_TRUE(WaitUntil([&] { return picture_.contains("the-end"); }));
  EXPECT_EQ(picture_, Truth());
}

}  // namespace
}  // namespace gsh::kubernetes
