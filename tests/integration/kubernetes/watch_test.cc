// kubernetes::Watch against the real API over connections that are cut again and again.
#include "gsh/kubernetes/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/faults/cutting_proxy.h"
#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/clients.h"
#include "tests/integration/kubernetes/follower.h"

namespace gsh::kubernetes_test {
namespace {

using kubernetes::Change;

TEST(WatchTest, MissesNoChangeOverAHundredCuts) {
  constexpr int kCuts = 100;
  constexpr int kMostChanges = 20'000;
  const std::string ns = NewNamespace();
  const std::string path = "/apis/coordination.k8s.io/v1/namespaces/" + ns + "/leases";
  // A handshake is about 2 KiB, an event half of one: each connection brings some events.
  faults::CuttingProxy proxy(SharedApiServer().endpoint(),
                             {.after_bytes = [](int connection) -> std::optional<std::size_t> {
                               if (connection > kCuts) return std::nullopt;
                               return 3000 + (connection * 617) % 4000;
                             }});
  const auto client =
      Connect(OptionsFor(kubernetes::MakeToken(SharedApiServer().admin_token()), proxy.endpoint()));
  Follower follower;
  const auto watch =
      kubernetes::Watch::Start(*client,
                               {.resource = kubernetes::kLeases,
                                .ns = ns,
                                .retry = {.initial_backoff = std::chrono::milliseconds(1),
                                          .max_backoff = std::chrono::milliseconds(5)}},
                               [&](const Change& change) { follower.Apply(change); });

  std::map<std::string, std::string> expected;
  std::set<std::string> versions;
  int changes = 0;
  for (; proxy.cuts() < kCuts && changes < kMostChanges; ++changes) {
    const std::string name = "lease-" + std::to_string(changes % 7);
    if (changes % 5 == 4 && expected.contains(name)) {
      ASSERT_EQ(Admin().Delete(path + "/" + name).code, 200);
      expected.erase(name);
      continue;
    }
    const ApiAnswer answer =
        expected.contains(name)
            ? Admin().Patch(path + "/" + name,
                            {{"spec", {{"holderIdentity", std::to_string(changes)}}}})
            : Admin().Post(path, {{"metadata", {{"name", name}}}});
    ASSERT_TRUE(answer.ok()) << answer.body;
    expected[name] = answer.body["metadata"]["resourceVersion"];
    versions.insert(expected[name]);
  }
  EXPECT_GE(proxy.cuts(), kCuts);
  RecordProperty("changes", changes);
  EXPECT_TRUE(Eventually([&] { return follower.objects() == expected; }));
  EXPECT_TRUE(Eventually([&] { return follower.versions() == versions; }))
      << "of " << versions.size() << " versions " << follower.versions().size() << " were seen";
}

}  // namespace
}  // namespace gsh::kubernetes_test
