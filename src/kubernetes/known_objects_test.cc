#include "src/kubernetes/known_objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gsh::kubernetes {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Kind = Change::Kind;

ObjectMeta Meta(const std::string& name, const std::string& uid, const std::string& version) {
  return {.ns = "ns", .name = name, .uid = uid, .resource_version = version};
}

std::vector<std::string> Words(const std::vector<Change>& changes) {
  std::vector<std::string> words;
  for (const Change& change : changes) {
    constexpr const char* kWords[] = {"added", "modified", "deleted", "synced"};
    words.push_back(std::string(kWords[static_cast<int>(change.kind)]) + " " + change.ns + "/" +
                    change.name + " " + change.uid + " " + change.object);
  }
  return words;
}

TEST(KnownObjects, EachVersionIsNewsOnce) {
  KnownObjects known;
  known.BeginList();
  EXPECT_THAT(Words(known.Saw(Meta("a", "1", "10"), "{a}")), ElementsAre("added ns/a 1 {a}"));
  EXPECT_THAT(Words(known.EndList()), ElementsAre("synced /  "));
  EXPECT_THAT(known.Saw(Meta("a", "1", "10"), "{a}"), IsEmpty());
  EXPECT_THAT(Words(known.Saw(Meta("a", "1", "11"), "{b}")), ElementsAre("modified ns/a 1 {b}"));
  EXPECT_THAT(Words(known.Deleted(Meta("a", "1", "12"), "{c}")), ElementsAre("deleted ns/a 1 {c}"));
  EXPECT_THAT(known.Deleted(Meta("a", "1", "12"), "{c}"), IsEmpty());
  EXPECT_EQ(known.size(), 0u);
}

TEST(KnownObjects, ANewListGivesTheDifferences) {
  KnownObjects known;
  known.BeginList();
  for (const char* name : {"same", "changed", "gone", "replaced"}) {
    known.Saw(Meta(name, std::string("uid-") + name, "1"), "");
  }
  known.EndList();
  known.BeginList();
  EXPECT_THAT(known.Saw(Meta("same", "uid-same", "1"), ""), IsEmpty());
  EXPECT_THAT(Words(known.Saw(Meta("changed", "uid-changed", "2"), "{}")),
              ElementsAre("modified ns/changed uid-changed {}"));
  EXPECT_THAT(Words(known.Saw(Meta("replaced", "other", "3"), "{}")),
              ElementsAre("deleted ns/replaced uid-replaced ", "added ns/replaced other {}"));
  EXPECT_THAT(Words(known.Saw(Meta("new", "n", "4"), "{}")), ElementsAre("added ns/new n {}"));
  EXPECT_THAT(Words(known.EndList()), ElementsAre("deleted ns/gone uid-gone ", "synced /  "));
}

TEST(KnownObjects, AListThatWasBrokenOffDeletesNothing) {
  KnownObjects known;
  known.BeginList();
  known.Saw(Meta("a", "1", "1"), "");
  known.Saw(Meta("b", "2", "1"), "");
  known.EndList();
  known.BeginList();
  known.Saw(Meta("a", "1", "1"), "");  // and no second page
  known.BeginList();
  known.Saw(Meta("a", "1", "1"), "");
  known.Saw(Meta("b", "2", "1"), "");
  EXPECT_THAT(Words(known.EndList()), ElementsAre("synced /  "));
}

}  // namespace
}  // namespace gsh::kubernetes
