// The clients against services that others wrote. test_real_services.py starts them, prepares what
// is asked for here, and says where all is:
//   GSH_AWS_ENDPOINT, and the region and credentials in AWS_REGION, AWS_ACCESS_KEY_ID ...
//   GSH_AWS_QUEUE, GSH_AWS_FIFO_QUEUE  names of queues
//   GSH_AWS_GROUP, GSH_AWS_HOOK        an Auto Scaling group with two instances, and a life-cycle
//                                      hook of it; no hook: the service has none
//   GSH_AWS_CHECKS_CLOCK               the service refuses requests that are an hour old
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gsh/aws/autoscaling.h"
#include "gsh/aws/cloudwatch.h"
#include "gsh/aws/default_credentials.h"
#include "gsh/aws/sqs.h"
#include "gsh/aws/sts.h"
#include "gsh/testing/matchers.h"

namespace gsh::aws {
namespace {

using std::chrono::seconds;
using testing::IsOk;
using testing::StatusIs;

std::string Env(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

AwsOptions Options() { return {.endpoint_url = Env("GSH_AWS_ENDPOINT")}; }

// An hour behind.
class SlowClock final : public Clock {
 public:
  WallTime Now() const override { return SystemClock().Now() - std::chrono::hours(1); }
  SteadyTime SteadyNow() const override { return SystemClock().SteadyNow(); }
  TimerId RunAt(SteadyTime when, std::function<void()> fn) override {
    return SystemClock().RunAt(when, std::move(fn));
  }
  bool Cancel(TimerId id) override { return SystemClock().Cancel(id); }
};

template <typename T>
T Made(StatusOr<T> made) {
  EXPECT_THAT(made, IsOk());
  return made.ok() ? *std::move(made) : T();
}

class RealSqs : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(sqs_, nullptr);
    const auto url = sqs_->GetQueueUrl(Env("GSH_AWS_QUEUE"));
    ASSERT_THAT(url, IsOk());
    url_ = *url;
    const auto fifo = sqs_->GetQueueUrl(Env("GSH_AWS_FIFO_QUEUE"));
    ASSERT_THAT(fifo, IsOk());
    fifo_ = *fifo;
  }
  // Until there have been `count`, all of them deleted.
  std::vector<sqs::Message> Receive(const std::string& url, std::size_t count) {
    std::vector<sqs::Message> all;
    while (all.size() < count) {
      const auto messages = sqs_->ReceiveMessage({.queue_url = url, .wait = seconds(2)});
      EXPECT_THAT(messages, IsOk());
      if (!messages.ok() || messages->empty()) break;
      std::vector<std::string> handles;
      for (const sqs::Message& message : *messages) {
        all.push_back(message);
        handles.push_back(message.receipt_handle);
      }
      const auto deleted = sqs_->DeleteMessageBatch(url, handles);
      EXPECT_THAT(deleted, IsOk());
      if (!deleted.ok()) break;
      for (const Status& status : *deleted) EXPECT_THAT(status, IsOk());
    }
    return all;
  }

  const std::unique_ptr<Sqs> sqs_ = Made(MakeSqs(Options()));
  std::string url_;
  std::string fifo_;
};

TEST_F(RealSqs, QueuesHaveAttributes) {
  const auto attributes = sqs_->GetQueueAttributes(fifo_);
  ASSERT_THAT(attributes, IsOk());
  EXPECT_EQ(attributes->at("FifoQueue"), "true");
  EXPECT_THAT(sqs_->GetQueueAttributes(url_, {"VisibilityTimeout"}), IsOk());
}

TEST_F(RealSqs, AMessageComesAsItWasSent) {
  sqs::OutgoingMessage message{.body = "<b>\xC3\xA9 \"q\"</b>\n&amp; \xF0\x9F\x8E\xAE"};
  message.attributes["name"] = {.value = "v\xC3\xA9"};
  message.attributes["size"] = {.data_type = "Number", .value = "-7.5"};
  message.attributes["bytes"] = {.data_type = "Binary", .value = std::string("\0\xff\x01", 3)};
  const auto sent = sqs_->SendMessage(url_, message);
  ASSERT_THAT(sent, IsOk());
  const auto received = sqs_->ReceiveMessage({.queue_url = url_, .wait = seconds(5)});
  ASSERT_THAT(received, IsOk());
  ASSERT_EQ(received->size(), 1u);
  const sqs::Message& got = received->front();
  EXPECT_EQ(got.message_id, sent->message_id);
  EXPECT_EQ(got.body, message.body);
  EXPECT_EQ(got.system_attributes.at("ApproximateReceiveCount"), "1");
  for (const auto& [name, attribute] : message.attributes) {
    ASSERT_TRUE(got.attributes.contains(name)) << name;
    EXPECT_EQ(got.attributes.at(name).value, attribute.value) << name;
    EXPECT_EQ(got.attributes.at(name).data_type, attribute.data_type) << name;
  }
  // Seen again at once.
  ASSERT_THAT(sqs_->ChangeMessageVisibility(url_, got.receipt_handle, seconds(0)), IsOk());
  const auto again = sqs_->ReceiveMessage({.queue_url = url_, .wait = seconds(5)});
  ASSERT_THAT(again, IsOk());
  ASSERT_EQ(again->size(), 1u);
  EXPECT_EQ(again->front().message_id, sent->message_id);
  EXPECT_THAT(sqs_->DeleteMessage(url_, again->front().receipt_handle), IsOk());
}

TEST_F(RealSqs, BatchesOfAnySize) {
  std::vector<sqs::OutgoingMessage> messages;
  for (int i = 0; i < 25; ++i) {
    messages.push_back({.body = "b" + std::to_string(i), .attributes = {{"n", {.value = "x"}}}});
  }
  const auto sent = sqs_->SendMessageBatch(url_, messages);
  ASSERT_THAT(sent, IsOk());
  std::map<std::string, std::string> bodies;
  for (std::size_t i = 0; i < sent->size(); ++i) {
    ASSERT_THAT((*sent)[i], IsOk());
    bodies[(*sent)[i]->message_id] = messages[i].body;
  }
  EXPECT_EQ(bodies.size(), 25u);
  const auto received = Receive(url_, 25);
  EXPECT_EQ(received.size(), 25u);
  for (const sqs::Message& message : received) EXPECT_EQ(message.body, bodies[message.message_id]);
}

TEST_F(RealSqs, FifoKeepsOrderAndDropsWhatIsSentTwice) {
  for (int i = 0; i < 3; ++i) {
    const sqs::OutgoingMessage message{.body = "b" + std::to_string(i),
                                       .group_id = "match",
                                       .deduplication_id = "d" + std::to_string(i)};
    for (int twice = 0; twice < 2; ++twice) {
      const auto sent = sqs_->SendMessage(fifo_, message);
      ASSERT_THAT(sent, IsOk());
      EXPECT_FALSE(sent->sequence_number.empty());
    }
  }
  std::string bodies;
  for (const sqs::Message& message : Receive(fifo_, 3)) {
    bodies += message.body;
    EXPECT_EQ(message.system_attributes.at("MessageGroupId"), "match");
  }
  EXPECT_EQ(bodies, "b0b1b2");
}

TEST_F(RealSqs, ALongPollMayTakeLongerThanTheTimeout) {
  AwsOptions options = Options();
  options.timeout = seconds(1);
  options.attempt_timeout = seconds(1);
  const auto sqs = Made(MakeSqs(options));
  const auto began = std::chrono::steady_clock::now();
  const auto messages = sqs->ReceiveMessage({.queue_url = url_, .wait = seconds(2)});
  ASSERT_THAT(messages, IsOk());
  EXPECT_TRUE(messages->empty());
  EXPECT_GT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1500));
}

TEST_F(RealSqs, AQueueThatIsNotThereIsNotFound) {
  const auto url = sqs_->GetQueueUrl("no-such-queue");
  EXPECT_THAT(url, StatusIs(StatusCode::kNotFound));
  ASSERT_NE(url.status().info(), nullptr);
  EXPECT_FALSE(url.status().info()->request_id.empty());
  EXPECT_EQ(url.status().info()->attempts, 1);
}

TEST(RealSts, KnowsUs) {
  const auto sts = Made(MakeSts(Options()));
  const auto identity = sts->GetCallerIdentity();
  ASSERT_THAT(identity, IsOk());
  EXPECT_THAT(identity->arn, ::testing::EndsWith(":user/tester"));
}

TEST(RealAuthentication, AWrongSecretIsRefused) {
  AwsOptions options = Options();
  options.credentials =
      MakeStaticCredentials(Credentials(Env("AWS_ACCESS_KEY_ID"), "not-the-secret"));
  const auto refused = StatusIs(StatusCode::kUnauthenticated);
  const Status status = Made(MakeSqs(options))->GetQueueUrl(Env("GSH_AWS_QUEUE")).status();
  EXPECT_THAT(status, refused);
  EXPECT_EQ(status.info()->name, "SignatureDoesNotMatch");
  EXPECT_THAT(Made(MakeAutoScaling(options))->DescribeInstances(), refused);
  EXPECT_THAT(Made(MakeCloudWatch(options))->PutMetricData("n", {{.name = "m", .value = 1}}),
              refused);
}

TEST(RealAuthentication, AnUnknownKeyIsRefused) {
  AwsOptions options = Options();
  options.credentials = MakeStaticCredentials(Credentials("AKIAUNKNOWNUNKNOWN00", "s"));
  EXPECT_THAT(Made(MakeSqs(options))->GetQueueUrl(Env("GSH_AWS_QUEUE")),
              StatusIs(StatusCode::kUnauthenticated));
}

TEST(RealAuthentication, AClockThatIsSlowIsCorrected) {
  static SlowClock clock;
  AwsOptions options = Options();
  options.clock = &clock;
  const auto sqs = Made(MakeSqs(options));
  EXPECT_THAT(sqs->GetQueueUrl(Env("GSH_AWS_QUEUE")), IsOk());
  if (Env("GSH_AWS_CHECKS_CLOCK").empty()) return;
  options.retry.max_attempts = 1;  // no second attempt, no correction
  EXPECT_THAT(Made(MakeSqs(options))->GetQueueUrl(Env("GSH_AWS_QUEUE")),
              StatusIs(StatusCode::kUnauthenticated));
}

TEST(RealAutoScaling, DescribesInstances) {
  const auto scaling = Made(MakeAutoScaling(Options()));
  std::vector<std::string> ids;
  for (const auto& instance : scaling->AllInstances({.max_records = 1})) {
    ASSERT_THAT(instance, IsOk());
    EXPECT_EQ(instance->group_name, Env("GSH_AWS_GROUP"));
    EXPECT_EQ(instance->lifecycle_state, "InService");
    EXPECT_FALSE(instance->protected_from_scale_in);
    ids.push_back(instance->instance_id);
  }
  ASSERT_EQ(ids.size(), 2u);
  const auto one = scaling->DescribeInstances({.instance_ids = {ids[1]}});
  ASSERT_THAT(one, IsOk());
  ASSERT_EQ(one->items.size(), 1u);
  EXPECT_EQ(one->items[0].instance_id, ids[1]);
}

TEST(RealAutoScaling, LifecycleActions) {
  if (Env("GSH_AWS_HOOK").empty()) GTEST_SKIP() << "this service has no life-cycle actions";
  const auto scaling = Made(MakeAutoScaling(Options()));
  const auto instances = scaling->DescribeInstances();
  ASSERT_THAT(instances, IsOk());
  ASSERT_FALSE(instances->items.empty());
  const autoscaling::LifecycleAction action{.hook_name = Env("GSH_AWS_HOOK"),
                                            .group_name = Env("GSH_AWS_GROUP"),
                                            .instance_id = instances->items[0].instance_id};
  EXPECT_THAT(scaling->RecordLifecycleActionHeartbeat(action), IsOk());
  EXPECT_THAT(scaling->CompleteLifecycleAction(action), IsOk());
}

// test_real_services.py looks at what has come.
TEST(RealCloudWatch, TakesMetrics) {
  const auto cloudwatch = Made(MakeCloudWatch(Options()));
  std::vector<cloudwatch::MetricDatum> metrics;
  for (int i = 0; i < 1001; ++i) {
    metrics.push_back({.name = "players",
                       .dimensions = {{"fleet", "f " + std::to_string(i % 3)}},
                       .timestamp = SystemClock().Now(),
                       .value = i,
                       .unit = "Count"});
  }
  metrics.push_back({.name = "wait",
                     .statistics = cloudwatch::StatisticSet{
                         .sample_count = 2, .sum = 3, .minimum = 1, .maximum = 2}});
  metrics.push_back({.name = "ping", .values = {20, 30}, .counts = {3, 1}, .unit = "Milliseconds"});
  EXPECT_THAT(cloudwatch->PutMetricData("libgsh", metrics), IsOk());
}

}  // namespace
}  // namespace gsh::aws
