// 10,000 game servers are listed and followed in little memory, and through 100 disconnects no
// change is missed. The API server is this program a second time: its memory is not ours.
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "gsh/kubernetes/objects.h"
#include "gsh/kubernetes/watch.h"
#include "src/kubernetes/api_fixture.h"
#include "src/process/process.h"
#include "src/testing/sanitized.h"
#include "src/testing/temporary_directory.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::IsOk;
using gsh::testing::kubernetes::ApiServer;

constexpr int kServers = 10'000;
constexpr int kDisconnects = 100;
constexpr int kChangesBetween = 20;
constexpr char kKind[] = "agones.dev/gameservers";
constexpr char kFileVariable[] = "GSH_TEST_URL_FILE";
constexpr double kMostMiB = 64;

// As large as a real one, which carries its pod's template: some 4 kB.
Json GameServerObject(int number) {
  Json server = {
      {"metadata", {{"name", "server-" + std::to_string(number)}, {"namespace", "games"}}},
      {"status", {{"state", "Ready"}, {"address", "10.0.0.1"}}}};
  for (int i = 0; i < 40; ++i) {
    server["spec"]["template"]["metadata"]["annotations"]
          ["example.dev/annotation-" + std::to_string(i)] = std::string(60, 'x');
  }
  return server;
}

void Fill(ApiServer& server) {
  for (int i = 0; i < kServers; ++i) {
    ASSERT_THAT(server.store().Create(kKind, GameServerObject(i)), IsOk());
  }
}

// Changes, additions and deletions, each time around a disconnect.
void ChangeAndCut(ApiServer& server) {
  gsh::testing::SeededRng rng(3);
  for (int round = 0; round < kDisconnects; ++round) {
    while (server.watches() == 0) std::this_thread::yield();
    for (int i = 0; i < kChangesBetween; ++i) {
      if (i == kChangesBetween / 2) server.CutWatches();
      const std::string name = "server-" + std::to_string(rng.Next() % kServers);
      if (rng.Next() % 4 == 0) {
        static_cast<void>(server.store().Delete(kKind, "games", name));
      } else {
        static_cast<void>(server.store().Update(kKind, "games", name, [&](Json& object) {
          object["status"]["count"] = round * kChangesBetween + i;
          return OkStatus();
        }));
      }
    }
    if (round % 25 == 24) server.store().ForgetHistory();
  }
  ASSERT_THAT(server.store().Create(kKind, GameServerObject(kServers)), IsOk());
}

// Not a test: the second process.
TEST(WatchMemory, DISABLED_Server) {
  const char* file = std::getenv(kFileVariable);
  ASSERT_NE(file, nullptr);
  const auto server = ApiServer::Start();
  ASSERT_THAT(server, IsOk());
  Fill(**server);
  std::ofstream(std::string(file) + ".new") << (*server)->url();
  ASSERT_EQ(std::rename((std::string(file) + ".new").c_str(), file), 0);
  ChangeAndCut(**server);
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(60));  // until it is killed
}

double PrivateMiB() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "RssAnon:") continue;
    double kib = 0;
    status >> kib;
    return kib / 1024;
  }
  return 0;
}

TEST(WatchMemory, TenThousandGameServersThroughAHundredDisconnects) {
  const gsh::testing::TemporaryDirectory files;
  auto process = process::Process::Start(
      {.argv = {"/proc/self/exe", "--gtest_filter=WatchMemory.DISABLED_Server",
                "--gtest_also_run_disabled_tests", "--gtest_output="},
       .environment = {{kFileVariable, files.File("url")}},
       .output_file = files.File("log")},
      [](int) {});
  ASSERT_THAT(process, IsOk());
  while (files.Read("url").empty()) std::this_thread::sleep_for(std::chrono::milliseconds(10));

  const double before = PrivateMiB();
  auto client = MakeClient({.cluster = {.server = files.Read("url")}});
  ASSERT_THAT(client, IsOk());
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, std::size_t> picture;  // the object's hash
  int synced = 0;
  double most = 0;
  const auto watch = Watch::Start(
      **client,
      {.resource = kGameServers,
       .ns = "games",
       .retry = {.initial_backoff = std::chrono::milliseconds(1),
                 .max_backoff = std::chrono::milliseconds(5)}},
      [&](const Change& change) {
        std::lock_guard lock(mutex);
        if (change.kind == Change::Kind::kSynced) ++synced;
        if (change.kind == Change::Kind::kDeleted) picture.erase(change.name);
        if (change.kind == Change::Kind::kAdded || change.kind == Change::Kind::kModified) {
          picture[change.name] = std::hash<std::string>()(change.object);
        }
        if (picture.size() % 250 == 0) most = std::max(most, PrivateMiB());
        changed.notify_all();
      });
  const std::string last = "server-" + std::to_string(kServers);
  std::unique_lock lock(mutex);
  ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(100), [&] {
    return picture.contains(last);
  })) << files.Read("log");
  most = std::max(most, PrivateMiB());
  lock.unlock();
  RecordProperty("private_mib", std::to_string(most - before));
  if (!gsh::testing::kSanitized) {  // a sanitizer's memory is not the library's
    EXPECT_LT(most - before, kMostMiB);
  }

  std::map<std::string, std::size_t> truth;
  const auto all = ListAll(**client, {.resource = kGameServers, .ns = "games"});
  ASSERT_THAT(all, IsOk());
  for (const std::string& object : *all) {
    truth[TextAt(*ParseJson(object), {"metadata", "name"})] = std::hash<std::string>()(object);
  }
  lock.lock();
  EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return picture == truth; }));
  EXPECT_GE(synced, 2);  // histories were lost, too
}

}  // namespace
}  // namespace gsh::kubernetes
