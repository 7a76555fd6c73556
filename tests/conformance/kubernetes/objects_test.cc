// Objects: codes, versions, patches, pages, selectors, scale.
#include "gsh/kubernetes/objects.h"

#include "tests/conformance/kubernetes/cluster.h"

namespace gsh::conformance {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using kubernetes::kDeployments;
using kubernetes::kLeases;
using kubernetes::Verb;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using ObjectsTest = ClusterTest;

Json LeaseNamed(const std::string& name) {
  return {{"metadata", {{"name", name}, {"labels", {{"suite", "objects"}}}}},
          {"spec", {{"holderIdentity", "a"}}}};
}

TEST_F(ObjectsTest, CodesOfTheUsualSteps) {
  const auto made = Create(kLeases, LeaseNamed("l"));
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ((*made)["kind"], "Lease");
  EXPECT_NE((*made)["metadata"]["uid"], "");
  const auto again = Create(kLeases, LeaseNamed("l"));
  EXPECT_THAT(again, StatusIs(StatusCode::kAlreadyExists, HasSubstr("\"l\" already exists")));
  EXPECT_EQ(again.status().info()->name, "AlreadyExists");
  EXPECT_THAT(Get(kLeases, "l"), IsOk());
  EXPECT_THAT(Delete(kLeases, "l"), IsOk());
  EXPECT_THAT(Delete(kLeases, "l"), StatusIs(StatusCode::kNotFound));
  const auto gone = Get(kLeases, "l");
  EXPECT_THAT(gone, StatusIs(StatusCode::kNotFound, HasSubstr("\"l\" not found")));
  EXPECT_EQ(gone.status().info()->name, "NotFound");
}

TEST_F(ObjectsTest, AnOldVersionIsAConflict) {
  const auto made = Create(kLeases, LeaseNamed("l"));
  ASSERT_THAT(made, IsOk());
  const std::string version = (*made)["metadata"]["resourceVersion"];
  Json update = *made;
  update["spec"]["holderIdentity"] = "b";
  const kubernetes::Request put{
      .verb = Verb::kUpdate, .resource = kLeases, .ns = ns_, .name = "l", .body = update.dump()};
  EXPECT_THAT(client_->Call(put), IsOk());
  const auto late = client_->Call(put);
  EXPECT_THAT(late, StatusIs(StatusCode::kAborted, HasSubstr("has been modified")));
  EXPECT_EQ(late.status().info()->name, "Conflict");
  // Merge patches heed a version, too, if they have one.
  const Json patch = {{"metadata", {{"resourceVersion", version}}},
                      {"spec", {{"holderIdentity", "c"}}}};
  EXPECT_THAT(Patch(kLeases, "l", patch), StatusIs(StatusCode::kAborted));
  const auto patched = Patch(kLeases, "l", {{"spec", {{"holderIdentity", "c"}}}});
  ASSERT_THAT(patched, IsOk());
  EXPECT_EQ((*patched)["spec"]["holderIdentity"], "c");
}

TEST_F(ObjectsTest, APatchThatChangesNothingIsNoNewVersion) {
  const auto made = Create(kLeases, LeaseNamed("l"));
  const auto same = Patch(kLeases, "l", {{"spec", {{"holderIdentity", "a"}}}});
  ASSERT_THAT(same, IsOk());
  EXPECT_EQ((*same)["metadata"]["resourceVersion"], (*made)["metadata"]["resourceVersion"]);
}

TEST_F(ObjectsTest, JsonPatchesAreTested) {
  ASSERT_THAT(Create(kLeases, LeaseNamed("l")), IsOk());
  kubernetes::Request patch{.verb = Verb::kPatch,
                            .resource = kLeases,
                            .ns = ns_,
                            .name = "l",
                            .body = R"([{"op":"test","path":"/spec/holderIdentity","value":"x"}])",
                            .patch = kubernetes::PatchType::kJson};
  EXPECT_THAT(client_->Call(patch), StatusIs(StatusCode::kInvalidArgument));
  patch.body = R"([{"op":"replace","path":"/spec/holderIdentity","value":"x"}])";
  EXPECT_THAT(client_->Call(patch), IsOk());
  EXPECT_EQ((*Get(kLeases, "l"))["spec"]["holderIdentity"], "x");
}

TEST_F(ObjectsTest, ListsInPagesAndBySelectors) {
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    ASSERT_THAT(Create(kLeases, LeaseNamed(name)), IsOk());
  }
  kubernetes::Request list{.verb = Verb::kList, .resource = kLeases, .ns = ns_, .limit = 2};
  const auto first = client_->Call(list);
  ASSERT_THAT(first, IsOk());
  const auto page = kubernetes::ParsePage(*first);
  EXPECT_THAT(page->items, SizeIs(2));
  EXPECT_NE(page->continue_token, "");
  EXPECT_THAT(*kubernetes::ListAll(*client_, list), SizeIs(5));
  list.field_selector = "metadata.name=c";
  EXPECT_THAT(*kubernetes::ListAll(*client_, list), SizeIs(1));
  list.field_selector.clear();
  list.label_selector = "suite in (objects),suite!=other";
  EXPECT_THAT(*kubernetes::ListAll(*client_, list), SizeIs(5));
  list.label_selector = "!suite";
  EXPECT_THAT(*kubernetes::ListAll(*client_, list), SizeIs(0));
  list.label_selector = "a in b in c";
  EXPECT_THAT(kubernetes::ListAll(*client_, list), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ObjectsTest, DryRunsChangeNothing) {
  const kubernetes::Request create{.verb = Verb::kCreate,
                                   .resource = kLeases,
                                   .ns = ns_,
                                   .body = LeaseNamed("l").dump(),
                                   .dry_run = true};
  EXPECT_THAT(client_->Call(create), IsOk());
  EXPECT_THAT(Get(kLeases, "l"), StatusIs(StatusCode::kNotFound));
}

TEST_F(ObjectsTest, DeploymentsAreScaled) {
  const Json labels = {{"app", "a"}};
  ASSERT_THAT(
      Create(kDeployments,
             {{"metadata", {{"name", "d"}}},
              {"spec",
               {{"replicas", 2},
                {"selector", {{"matchLabels", labels}}},
                {"template",
                 {{"metadata", {{"labels", labels}}},
                  {"spec",
                   {{"containers", Json::array({{{"name", "c"}, {"image", "example/i"}}})}}}}}}}}),
      IsOk());
  EXPECT_EQ(kubernetes::GetScale(*client_, kDeployments, ns_, "d")->wanted, 2);
  EXPECT_EQ(kubernetes::SetScale(*client_, kDeployments, ns_, "d", 5)->wanted, 5);
  EXPECT_EQ((*Get(kDeployments, "d"))["spec"]["replicas"], 5);
  EXPECT_THAT(kubernetes::SetScale(*client_, kDeployments, ns_, "d", -1),
              StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ObjectsTest, EventsAreTaken) {
  EXPECT_THAT(kubernetes::EmitEvent(*client_, {.ns = ns_,
                                               .reason = "Tested",
                                               .message = "for conformance",
                                               .component = "gsh",
                                               .api_version = "v1",
                                               .kind = "Pod",
                                               .object_ns = ns_,
                                               .name = "p"}),
              IsOk());
}

}  // namespace
}  // namespace gsh::conformance
