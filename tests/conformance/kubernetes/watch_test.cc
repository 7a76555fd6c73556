// Watches.
#include "gsh/kubernetes/watch.h"

#include <mutex>
#include <set>
#include <vector>

#include "src/core/await.h"
#include "tests/conformance/kubernetes/cluster.h"

namespace gsh::conformance {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using kubernetes::Change;
using kubernetes::kLeases;
using kubernetes::WatchEvent;
using ::testing::ElementsAre;

class ClusterWatchTest : public ClusterTest {
 protected:
  void Add(const std::string& name, const std::string& holder = "a") {
    ASSERT_THAT(Create(kLeases, {{"metadata", {{"name", name}, {"labels", {{"holder", holder}}}}},
                                 {"spec", {{"holderIdentity", holder}}}}),
                IsOk());
  }
  void Relabel(const std::string& name, const std::string& holder) {
    ASSERT_THAT(Patch(kLeases, name, {{"metadata", {{"labels", {{"holder", holder}}}}}}), IsOk());
  }
  // DeadlineExceeded if neither the server nor `on_event` has ended it after 20 s.
  Status WatchToItsEnd(kubernetes::WatchRequest request, std::function<bool(WatchEvent)> on_event) {
    return internal::Await<Status>({.timeout = std::chrono::seconds(20)},
                                   [&](CallOptions options, auto done) {
                                     client_->WatchAsync(std::move(request), std::move(options),
                                                         std::move(on_event), std::move(done));
                                   });
  }
};

TEST_F(ClusterWatchTest, EventsFromAVersionOn) {
  const auto listed =
      client_->Call({.verb = kubernetes::Verb::kList, .resource = kLeases, .ns = ns_});
  const auto page = kubernetes::ParsePage(*listed);
  Add("one");
  Relabel("one", "b");
  Relabel("one", "c");
  ASSERT_THAT(Delete(kLeases, "one"), IsOk());
  // Of those with the label b: it comes, and goes with the label.
  for (const bool all : {true, false}) {
    std::vector<int> types;
    const Status end = WatchToItsEnd({.resource = kLeases,
                                      .ns = ns_,
                                      .label_selector = all ? "" : "holder=b",
                                      .resource_version = page->resource_version},
                                     [&](const WatchEvent& event) {
                                       if (event.type != WatchEvent::Type::kBookmark) {
                                         types.push_back(static_cast<int>(event.type));
                                       }
                                       return types.size() < (all ? 4u : 2u);
                                     });
    EXPECT_THAT(end, IsOk()) << "waiting for " << (all ? 4 : 2) << " events";
    if (all) {
      EXPECT_THAT(types, ElementsAre(0, 1, 1, 2));
    } else {
      EXPECT_THAT(types, ElementsAre(0, 2));
    }
  }
}

TEST_F(ClusterWatchTest, AVersionFromTooLongAgoIsOutOfRange) {
  Add("one");
  const Status status = WatchToItsEnd({.resource = kLeases, .resource_version = "1"},
                                      [](const WatchEvent&) { return false; });
  if (status.ok()) GTEST_SKIP() << "the server is young and still remembers";
  EXPECT_THAT(status, StatusIs(StatusCode::kOutOfRange));
}

TEST_F(ClusterWatchTest, TheServerEndsAWatchInTime) {
  EXPECT_THAT(WatchToItsEnd({.resource = kLeases, .ns = ns_, .timeout = std::chrono::seconds(1)},
                            [](const WatchEvent&) { return true; }),
              IsOk());
}

TEST_F(ClusterWatchTest, AWatchFollowsWhatHappens) {
  Add("before");
  std::mutex mutex;
  std::set<std::string> names;
  bool synced = false;
  const auto watch = kubernetes::Watch::Start(
      *client_, {.resource = kLeases, .ns = ns_, .page_size = 1}, [&](const Change& change) {
        std::lock_guard lock(mutex);
        if (change.kind == Change::Kind::kAdded) names.insert(change.name);
        if (change.kind == Change::Kind::kDeleted) names.erase(change.name);
        if (change.kind == Change::Kind::kSynced) synced = true;
      });
  const auto see = [&](const std::set<std::string>& wanted) {
    return Eventually([&] {
      std::lock_guard lock(mutex);
      return synced && names == wanted;
    });
  };
  EXPECT_TRUE(see({"before"}));
  Add("later");
  EXPECT_TRUE(see({"before", "later"}));
  ASSERT_THAT(Delete(kLeases, "before"), IsOk());
  EXPECT_TRUE(see({"later"}));
}

}  // namespace
}  // namespace gsh::conformance
