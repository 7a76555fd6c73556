// gsh-aws fleetiq, imds and whoami as people run them, against the sandbox.
#include <chrono>

#include "tests/integration/aws_tool_fixture.h"

namespace gsh::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class AwsToolFleetIqTest : public AwsToolTest {
 protected:
  AwsToolFleetIqTest() {
    Must({"fleetiq", "create", "live", "--role-arn", "arn:aws:iam::123456789012:role/fleetiq",
          "--launch-template", "game-node", "--instance-type", "c5.large", "--instance-type",
          "c6g.large", "--min-size", "2", "--max-size", "3"});
    for (const Json& one : Must({"fleetiq", "instances", "live"})) {
      instances_.push_back(one["instance_id"]);
    }
    EXPECT_EQ(instances_.size(), 2u);
  }

  std::vector<std::string> ServersIn(const Json& list) {
    std::vector<std::string> servers;
    for (const Json& server : list) servers.push_back(server["game_server_id"]);
    return servers;
  }

  std::vector<std::string> instances_;
};

TEST_F(AwsToolFleetIqTest, AGameServersLife) {
  EXPECT_EQ(Must({"fleetiq", "describe", "live"})["status"], "ACTIVE");
  Must({"fleetiq", "register", "live", "server-1", instances_[0], "--connection-info", "h:7777",
        "--data", "{\"map\":\"ålesund\"}"});
  EXPECT_EQ(Must({"fleetiq", "claim", "live", "--only-active"})["claim_status"], "CLAIMED");
  EXPECT_THAT(MustFail({"fleetiq", "claim", "live"}), HasSubstr("OutOfCapacityException"));
  EXPECT_EQ(Must({"fleetiq", "update", "live", "server-1", "--utilized",
                  "--healthy"})["utilization_status"],
            "UTILIZED");
  EXPECT_EQ(Must({"fleetiq", "update", "live", "server-1", "--data", "2"})["game_server_data"],
            "2");
  EXPECT_EQ(Must({"fleetiq", "describe", "live", "server-1"})["connection_info"], "h:7777");
  const Outcome text = Run({"fleetiq", "list", "live", "--output", "text"});
  EXPECT_THAT(text.output, HasSubstr("server-1\tlive\t" + instances_[0] + "\tUTILIZED"));
  EXPECT_EQ(Must({"fleetiq", "deregister", "live", "server-1"}), Json::object());
  EXPECT_EQ(Must({"fleetiq", "list", "live"}), Json::array());
}

TEST_F(AwsToolFleetIqTest, AGroupsLife) {
  EXPECT_EQ(Must({"fleetiq", "groups"})[0]["game_server_group_name"], "live");
  EXPECT_EQ(Must({"fleetiq", "suspend", "live"})["suspended_actions"],
            Json::array({"REPLACE_INSTANCE_TYPES"}));
  EXPECT_FALSE(Must({"fleetiq", "resume", "live"}).contains("suspended_actions"));
  EXPECT_EQ(Must({"fleetiq", "delete", "live", "--option", "FORCE_DELETE"})["status"], "DELETING");
  EXPECT_THAT(MustFail({"fleetiq", "describe", "live"}), StartsWith("gsh-aws: NOT_FOUND: "));
}

TEST_F(AwsToolFleetIqTest, ListsAreWholeAndOrdered) {
  Must({"fleetiq", "register", "live", "first", instances_[0]});
  Must({"fleetiq", "register", "live", "second", instances_[1]});
  const auto listed = [&](const char* order) {
    return ServersIn(Must({"fleetiq", "list", "live", "--sort-order", order}));
  };
  EXPECT_THAT(listed("ASCENDING"), ::testing::ElementsAre("first", "second"));
  EXPECT_THAT(listed("DESCENDING"), ::testing::ElementsAre("second", "first"));
  const Json one = Must({"fleetiq", "instances", "live", instances_[1]});
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0]["instance_id"], instances_[1]);
  // This one, and no other.
  EXPECT_EQ(Must({"fleetiq", "claim", "live", "second", "--data", "7"})["game_server_id"],
            "second");
  EXPECT_THAT(MustFail({"fleetiq", "claim", "live", "second"}), HasSubstr("ConflictException"));
}

TEST_F(AwsToolFleetIqTest, NamesWhatIsWrongBeforeAnythingIsSent) {
  sandbox_->TakeRequests();
  EXPECT_THAT(MustRefuse({"fleetiq", "register", "live", "server 1", "i-1"}),
              AllOf(HasSubstr("GameServerId"), HasSubstr("InstanceId"),
                    HasSubstr("Try 'gsh-aws fleetiq register --help'.")));
  EXPECT_THAT(MustRefuse({"fleetiq", "list", "live", "--sort-order", "UP"}),
              HasSubstr("SortOrder"));
  EXPECT_THAT(MustRefuse({"fleetiq", "claim"}), HasSubstr("group is required"));
  EXPECT_THAT(MustRefuse({"fleetiq", "claim", "live", "--only-activ"}),
              HasSubstr("did you mean --only-active?"));
  EXPECT_THAT(sandbox_->TakeRequests(), IsEmpty());
}

using AwsToolImdsTest = AwsToolTest;

TEST_F(AwsToolImdsTest, Texts) {
  EXPECT_EQ(Run({"imds", "get", "meta-data/instance-id"}).output, "i-0123456789abcdef0\n");
  EXPECT_EQ(Run({"imds", "get", "/latest/meta-data/placement/region"}).output, "us-east-1\n");
  EXPECT_THAT(Run({"imds", "get", "meta-data/"}).output, HasSubstr("instance-id\n"));
  EXPECT_THAT(MustFail({"imds", "get", "meta-data/nothing"}),
              AllOf(HasSubstr("NOT_FOUND: the instance has no meta-data/nothing"),
                    Not(HasSubstr("<html>"))));
}

TEST_F(AwsToolImdsTest, Identity) {
  EXPECT_EQ(Must({"imds", "identity"})["instance_type"], "c6g.large");
  EXPECT_THAT(Run({"imds", "identity", "--output", "text"}).output,
              HasSubstr("availability_zone\tus-east-1a\n"));
}

TEST_F(AwsToolImdsTest, Notices) {
  EXPECT_EQ(Must({"imds", "spot"}), Json::object());
  sandbox_->InterruptSpot();
  sandbox_->RecommendRebalance();
  sandbox_->ScheduleEvent("event-1", "system-reboot", "active", std::chrono::hours(1));
  sandbox_->SetAutoScalingTargetState("Terminated");
  const Json notices = Must({"imds", "spot"});
  EXPECT_EQ(notices["action"], "terminate");
  EXPECT_THAT(std::string(notices["time"]), MatchesRegex("20..-..-..T..:..:..Z"));
  EXPECT_TRUE(notices.contains("rebalance_recommended"));
  EXPECT_EQ(notices["scheduled_events"][0]["code"], "system-reboot");
  EXPECT_EQ(notices["target_lifecycle_state"], "Terminated");
}

TEST_F(AwsToolImdsTest, WhatIsWrongWithTheService) {
  EXPECT_THAT(MustFail({"imds", "identity"}, {"AWS_EC2_METADATA_DISABLED=true"}),
              HasSubstr("AWS_EC2_METADATA_DISABLED"));
  const std::string nobody = MustFail({"imds", "identity", "--endpoint-url", "http://127.0.0.1:1"});
  EXPECT_THAT(nobody, HasSubstr("this is no EC2 instance"));
  const std::string cause = "nothing listens at 127.0.0.1:1";
  EXPECT_EQ(nobody.find(cause), nobody.rfind(cause)) << nobody;  // said once
  sandbox_->InjectFault({.operation = "Imds", .http_status = 404, .times = -1});
  EXPECT_THAT(MustFail({"imds", "spot"}), HasSubstr("FAILED_PRECONDITION"));
}

using AwsToolWhoamiTest = AwsToolTest;

TEST_F(AwsToolWhoamiTest, SaysWhoAndFromWhere) {
  const Json whole = {{"account", "123456789012"},
                      {"arn", "arn:aws:iam::123456789012:user/sandbox"},
                      {"user_id", "AIDASANDBOX0000000000"},
                      {"access_key_id", "AKIASANDBOX000000000"},
                      {"source", "environment"}};
  EXPECT_EQ(Must({"whoami"}), whole);
  EXPECT_THAT(Run({"whoami", "--output", "text"}).output, HasSubstr("account\t123456789012\n"));
  sandbox_->TakeRequests();
  const Json offline = {{"access_key_id", "AKIASANDBOX000000000"}, {"source", "environment"}};
  EXPECT_EQ(Must({"whoami", "--offline"}), offline);
  EXPECT_THAT(sandbox_->TakeRequests(), IsEmpty());
}

TEST_F(AwsToolWhoamiTest, TheInstancesRole) {
  const Json role = Must({"whoami"}, {"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="});
  EXPECT_EQ(role["arn"], "arn:aws:sts::123456789012:assumed-role/sandbox-role/i-0123456789abcdef0");
  EXPECT_TRUE(role.contains("expiration"));
  EXPECT_FALSE(role.contains("secret_access_key"));
}

TEST_F(AwsToolWhoamiTest, NoCredentialsAtAll) {
  EXPECT_THAT(
      MustFail({"whoami", "--offline"}, {"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=",
                                         "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1"}),
      AllOf(HasSubstr("no credentials"), HasSubstr("AWS_ACCESS_KEY_ID"),
            HasSubstr("profile default")));
}

TEST_F(AwsToolTest, WrongSecretsAreRefusedAndNotShown) {
  for (const Args& args :
       {Args{"fleetiq", "groups"}, Args{"sqs", "url", "queue"}, Args{"whoami"}}) {
    EXPECT_THAT(MustFail(args, {"AWS_SECRET_ACCESS_KEY=not-the-secret"}),
                AllOf(HasSubstr("Signature"), Not(HasSubstr("not-the-secret"))));
  }
}

TEST_F(AwsToolTest, BadCommandLinesEndWithTwo) {
  for (const Args& args :
       {Args{}, Args{"fleetiq"}, Args{"fleetiq", "fly"}, Args{"fleetiq", "describe"},
        Args{"imds", "get"}, Args{"fleetiq", "groups", "--output", "xml"},
        Args{"fleetiq", "groups", "--region", "evil.example/x"},
        Args{"fleetiq", "describe", "a group"}, Args{"whoami", "me"},
        Args{"fleetiq", "groups", "--endpoint-url", "http://203.0.113.1"}}) {
    MustRefuse(args);
  }
  EXPECT_THAT(sandbox_->TakeRequests(), IsEmpty());
}

TEST_F(AwsToolTest, HelpHasExamplesOfItsOwn) {
  EXPECT_THAT(Run({"--help"}).output, HasSubstr("gsh-aws fleetiq claim my-group"));
  for (const std::string group : {"fleetiq", "sqs", "imds", "whoami"}) {
    const Outcome help = Run({group, "--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.output, AllOf(HasSubstr("Examples:\n  gsh-aws " + group),
                                   HasSubstr("--region"), Not(HasSubstr("environment"))));
  }
  EXPECT_THAT(Run({"sqs", "send", "--help"}).output, HasSubstr("Examples:\n  gsh-aws sqs send"));
}

TEST_F(AwsToolTest, AFullDiskIsNoSuccess) {
  for (const std::string words : {"whoami", "imds get meta-data/instance-id", "fleetiq groups"}) {
    const Outcome outcome = RunRedirected(words, "> /dev/full");
    EXPECT_EQ(outcome.exit_code, 1) << words;
    EXPECT_THAT(outcome.output, HasSubstr("standard output")) << words;
  }
}

}  // namespace
}  // namespace gsh::testing
