#include "src/aws/imds/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gsh/testing/matchers.h"
#include "src/core/utc_time.h"

namespace gsh::aws {
namespace {

using ::gsh::testing::IsOk;
using ::gsh::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string Text(const std::optional<WallTime>& time) {
  return time ? internal::FormatUtcTime(*time) : "none";
}

TEST(MetadataAnswersTest, LinesAreShortAndPlain) {
  EXPECT_EQ(ParseLine(" eu-west-1\r\n").value(), "eu-west-1");
  for (const std::string& bad :
       {std::string(" \n"), std::string("a\nb"), std::string("a\0b", 3), std::string(1025, 'a')}) {
    EXPECT_THAT(ParseLine(bad), StatusIs(StatusCode::kInternal));
  }
  EXPECT_THAT(ParseLines("a\n\n b \nc").value(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ParseLines("").value(), IsEmpty());
}

TEST(MetadataAnswersTest, EventTimesComeInTwoForms) {
  EXPECT_EQ(Text(ParseEventTime("21 Jan 2026 09:00:43 GMT")), "2026-01-21T09:00:43Z");
  EXPECT_EQ(Text(ParseEventTime("1 Dec 2026 23:59:00 GMT")), "2026-12-01T23:59:00Z");
  EXPECT_EQ(Text(ParseEventTime("2026-01-21T09:00:43Z")), "2026-01-21T09:00:43Z");
  for (const char* bad :
       {"", "GMT", " GMT", "21 Jan 2026 09:00:43", "21 January 2026 09:00:43 GMT",
        "21 Jan 26 09:00:43 GMT", "211 Jan 2026 09:00:43 GMT", "21 Jax 2026 09:00:43 GMT",
        "32 Jan 2026 09:00:43 GMT", "21 Jan 2026 25:00:43 GMT", "-1 Jan 2026 09:00:43 GMT"}) {
    EXPECT_EQ(Text(ParseEventTime(bad)), "none") << bad;
  }
}

TEST(MetadataAnswersTest, SpotNotices) {
  const auto action = ParseSpotAction(R"({"action": "terminate", "time": "2026-11-22T08:22:00Z"})");
  ASSERT_THAT(action, IsOk());
  EXPECT_EQ(action->action, "terminate");
  EXPECT_EQ(Text(action->time), "2026-11-22T08:22:00Z");
  EXPECT_EQ(Text(ParseRebalance(R"({"noticeTime": "2026-11-22T08:22:00Z"})").value()),
            "2026-11-22T08:22:00Z");
  EXPECT_EQ(Text(ParseTimeLine("2026-11-22T08:22:00Z\n").value()), "2026-11-22T08:22:00Z");
  for (const char* bad : {"", "{}", "[]", "null", "terminate", R"({"action":"stop"})",
                          R"({"action":"stop","time":"soon"})", R"({"action":1,"time":2})"}) {
    EXPECT_THAT(ParseSpotAction(bad), StatusIs(StatusCode::kInternal)) << bad;
    EXPECT_THAT(ParseRebalance(bad), StatusIs(StatusCode::kInternal)) << bad;
    EXPECT_THAT(ParseTimeLine(bad), StatusIs(StatusCode::kInternal)) << bad;
  }
}

TEST(MetadataAnswersTest, ScheduledEvents) {
  // As in the user guide of EC2, "View scheduled events".
  const auto events = ParseScheduledEvents(R"([{
    "NotBefore" : "21 Jan 2026 09:00:43 GMT", "Code" : "system-reboot",
    "Description" : "scheduled reboot", "EventId" : "instance-event-0d59937288b749b32",
    "NotAfter" : "21 Jan 2026 09:17:23 GMT", "State" : "active"}])");
  ASSERT_THAT(events, IsOk());
  ASSERT_EQ(events->size(), 1u);
  const ScheduledEvent& event = events->front();
  EXPECT_EQ(event.event_id, "instance-event-0d59937288b749b32");
  EXPECT_EQ(event.code, "system-reboot");
  EXPECT_EQ(event.state, "active");
  EXPECT_EQ(event.description, "scheduled reboot");
  EXPECT_EQ(Text(event.not_before), "2026-01-21T09:00:43Z");
  EXPECT_EQ(Text(event.not_after), "2026-01-21T09:17:23Z");
  EXPECT_EQ(Text(event.not_before_deadline), "none");
  EXPECT_THAT(ParseScheduledEvents("[]").value(), IsEmpty());
  for (const char* bad : {"", "{}", "[1]", "[{}]", R"([{"EventId":"a"}])"}) {
    EXPECT_THAT(ParseScheduledEvents(bad), StatusIs(StatusCode::kInternal)) << bad;
  }
}

TEST(MetadataAnswersTest, IdentityDocument) {
  const std::string document = R"({"accountId":"123456789012","architecture":"arm64",
    "availabilityZone":"eu-west-1b","billingProducts":null,"imageId":"ami-5fb8c835",
    "instanceId":"i-1234567890abcdef0","instanceType":"c6g.large",
    "pendingTime":"2026-11-19T16:32:11Z","privateIp":"10.158.112.84","region":"eu-west-1"})";
  const auto identity = ParseIdentity(document);
  ASSERT_THAT(identity, IsOk());
  EXPECT_EQ(identity->account_id, "123456789012");
  EXPECT_EQ(identity->architecture, "arm64");
  EXPECT_EQ(identity->availability_zone, "eu-west-1b");
  EXPECT_EQ(identity->image_id, "ami-5fb8c835");
  EXPECT_EQ(identity->instance_id, "i-1234567890abcdef0");
  EXPECT_EQ(identity->instance_type, "c6g.large");
  EXPECT_EQ(Text(identity->pending_time), "2026-11-19T16:32:11Z");
  EXPECT_EQ(identity->private_ip, "10.158.112.84");
  EXPECT_EQ(identity->region, "eu-west-1");
  EXPECT_EQ(identity->document, document);
  EXPECT_THAT(ParseIdentity("{}"), StatusIs(StatusCode::kInternal));
}

TEST(MetadataAnswersTest, CredentialsMustBeWhole) {
  const std::string good = R"({"Code":"Success","AccessKeyId":"A","SecretAccessKey":"SECRET",
      "Token":"TOKEN","Expiration":"2026-11-22T08:00:00Z"})";
  ASSERT_THAT(ParseIamCredentials(good), IsOk());
  for (const char* member : {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}) {
    std::string bad = good;
    bad.replace(bad.find(member), 1, "x");
    const auto read = ParseIamCredentials(bad);
    EXPECT_FALSE(read.ok()) << member;
    EXPECT_THAT(read.status().ToString(), Not(HasSubstr("SECRET"))) << member;
    EXPECT_THAT(read.status().ToString(), Not(HasSubstr("TOKEN"))) << member;
  }
  const auto refused = ParseIamCredentials(R"({"Code":"InstanceProfileNotFound"})");
  ASSERT_THAT(refused, StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_EQ(refused.status().info()->name, "InstanceProfileNotFound");
}

TEST(MetadataAnswersTest, WhatIsNoJsonIsNotQuoted) {
  const auto read = ParseIamCredentials(R"({"SecretAccessKey":"SECRET)");
  ASSERT_THAT(read, StatusIs(StatusCode::kInternal, HasSubstr("no JSON")));
  EXPECT_THAT(read.status().ToString(), Not(HasSubstr("SECRET")));
}

}  // namespace
}  // namespace gsh::aws
