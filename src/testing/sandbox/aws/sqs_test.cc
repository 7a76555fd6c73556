#include "src/testing/sandbox/aws/sqs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/testing/sandbox/aws/service_error.h"
#include "src/testing/sandbox/aws/sqs_digests.h"

namespace gsh::testing::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SqsTest : public ::testing::Test {
 protected:
  SqsTest() {
    sqs_->set_base_url("http://sandbox");
    Must("CreateQueue", {{"QueueName", "q"}});
    Must("CreateQueue", {{"QueueName", "f.fifo"}, {"Attributes", {{"FifoQueue", "true"}}}});
  }

  std::future<StatusOr<Json>> Start(const std::string& operation, Json input,
                                    const std::string& queue = "q") {
    if (!input.contains("QueueUrl")) input["QueueUrl"] = "http://sandbox/123456789012/" + queue;
    auto promise = std::make_shared<std::promise<StatusOr<Json>>>();
    auto future = promise->get_future();
    sqs_->CallAsync(operation, input,
                    [promise](StatusOr<Json> result) { promise->set_value(std::move(result)); });
    return future;
  }
  Json Must(const std::string& operation, const Json& input, const std::string& queue = "q") {
    auto result = Start(operation, input, queue).get();
    EXPECT_THAT(result, IsOk()) << operation;
    return result.ok() ? *result : Json();
  }
  void Send(const std::string& body, const std::string& group, const std::string& id) {
    Must("SendMessage",
         {{"MessageBody", body}, {"MessageGroupId", group}, {"MessageDeduplicationId", id}},
         "f.fifo");
  }
  static std::vector<std::string> BodiesOf(const Json& received) {
    std::vector<std::string> bodies;
    for (const Json& message : received.value("Messages", Json::array())) {
      bodies.push_back(message["Body"]);
    }
    return bodies;
  }
  std::vector<std::string> Receive(const std::string& queue = "q") {
    return BodiesOf(Must("ReceiveMessage", {{"MaxNumberOfMessages", 10}}, queue));
  }

  ManualClock clock_;
  SeededRng rng_{7};
  std::shared_ptr<Sqs> sqs_ = std::make_shared<Sqs>(SqsOptions{
      .region = "us-east-1", .account_id = "123456789012", .clock = &clock_, .rng = &rng_});
};

TEST_F(SqsTest, AMessageComesBackWhenItIsNotDeleted) {
  Must("SendMessage", {{"MessageBody", "m"}});
  EXPECT_THAT(Receive(), ElementsAre("m"));
  clock_.Advance(seconds(30) - milliseconds(1));
  EXPECT_THAT(Receive(), IsEmpty());
  clock_.Advance(milliseconds(1));
  EXPECT_THAT(Receive(), ElementsAre("m"));
}

TEST_F(SqsTest, ALongPollEndsWithTheMessage) {
  auto received = Start("ReceiveMessage", {{"WaitTimeSeconds", 20}});
  EXPECT_EQ(received.wait_for(seconds(0)), std::future_status::timeout);
  Must("SendMessage", {{"MessageBody", "m"}});
  EXPECT_THAT(BodiesOf(received.get().value()), ElementsAre("m"));
}

TEST_F(SqsTest, ALongPollEndsWithItsTime) {
  auto received = Start("ReceiveMessage", {{"WaitTimeSeconds", 20}});
  clock_.Advance(seconds(20) - milliseconds(1));
  EXPECT_EQ(received.wait_for(seconds(0)), std::future_status::timeout);
  clock_.Advance(milliseconds(1));
  EXPECT_THAT(BodiesOf(received.get().value()), IsEmpty());
}

TEST_F(SqsTest, ALongPollSeesDelayedAndReturnedMessages) {
  Must("SendMessage", {{"MessageBody", "late"}, {"DelaySeconds", 5}});
  auto received = Start("ReceiveMessage", {{"WaitTimeSeconds", 20}, {"VisibilityTimeout", 3}});
  clock_.Advance(seconds(5));
  EXPECT_THAT(BodiesOf(received.get().value()), ElementsAre("late"));
  auto again = Start("ReceiveMessage", {{"WaitTimeSeconds", 20}});
  clock_.Advance(seconds(3));
  EXPECT_THAT(BodiesOf(again.get().value()), ElementsAre("late"));
}

TEST_F(SqsTest, OneMessageEndsOneOfTwoLongPolls) {
  auto first = Start("ReceiveMessage", {{"WaitTimeSeconds", 10}});
  auto second = Start("ReceiveMessage", {{"WaitTimeSeconds", 10}});
  Must("SendMessage", {{"MessageBody", "m"}});
  EXPECT_THAT(BodiesOf(first.get().value()), ElementsAre("m"));
  EXPECT_EQ(second.wait_for(seconds(0)), std::future_status::timeout);
  Must("DeleteQueue", Json::object());
  EXPECT_THAT(BodiesOf(second.get().value()), IsEmpty());
}

TEST_F(SqsTest, FifoGroupsWaitForTheirOldestMessage) {
  Send("a1", "a", "1");
  Send("a2", "a", "2");
  Send("b1", "b", "3");
  const Json first = Must("ReceiveMessage", Json::object(), "f.fifo");
  EXPECT_THAT(BodiesOf(first), ElementsAre("a1"));
  EXPECT_THAT(Receive("f.fifo"), ElementsAre("b1"));
  Must("DeleteMessage", {{"ReceiptHandle", first["Messages"][0]["ReceiptHandle"]}}, "f.fifo");
  EXPECT_THAT(Receive("f.fifo"), ElementsAre("a2"));
}

TEST_F(SqsTest, FifoOrderHoldsAfterAVisibilityTimeout) {
  Send("a1", "a", "1");
  Send("a2", "a", "2");
  EXPECT_THAT(Receive("f.fifo"), ElementsAre("a1", "a2"));
  clock_.Advance(seconds(30));
  EXPECT_THAT(BodiesOf(Must("ReceiveMessage", Json::object(), "f.fifo")), ElementsAre("a1"));
}

TEST_F(SqsTest, FifoGroupsWaitForLaterMessagesThatAreUnderWay) {
  Send("a1", "a", "1");
  Send("a2", "a", "2");
  const Json both = Must("ReceiveMessage", {{"MaxNumberOfMessages", 10}}, "f.fifo");
  const Json first = both["Messages"][0]["ReceiptHandle"];
  Must("ChangeMessageVisibility", {{"ReceiptHandle", first}, {"VisibilityTimeout", 0}}, "f.fifo");
  EXPECT_THAT(Receive("f.fifo"), IsEmpty());
  Must("DeleteMessage", {{"ReceiptHandle", both["Messages"][1]["ReceiptHandle"]}}, "f.fifo");
  EXPECT_THAT(Receive("f.fifo"), ElementsAre("a1"));
}

TEST_F(SqsTest, DeduplicationLastsFiveMinutes) {
  Send("a1", "a", "1");
  clock_.Advance(minutes(5) - milliseconds(1));
  Send("again", "a", "1");
  EXPECT_THAT(Receive("f.fifo"), ElementsAre("a1"));
  clock_.Advance(milliseconds(1));
  Send("new", "b", "1");
  EXPECT_THAT(Receive("f.fifo"), ElementsAre("new"));
}

TEST_F(SqsTest, AReceiveMayBeRepeatedWithItsAttemptId) {
  Send("a1", "a", "1");
  Send("a2", "a", "2");
  const Json input = {{"MaxNumberOfMessages", 10}, {"ReceiveRequestAttemptId", "r-1"}};
  const Json first = Must("ReceiveMessage", input, "f.fifo");
  EXPECT_THAT(BodiesOf(first), ElementsAre("a1", "a2"));
  Send("b1", "b", "3");
  clock_.Advance(seconds(29));
  EXPECT_EQ(Must("ReceiveMessage", input, "f.fifo"), first);
  clock_.Advance(seconds(29));  // hidden anew since the repeat
  EXPECT_THAT(Receive("f.fifo"), ElementsAre("b1"));
  Must("DeleteMessage", {{"ReceiptHandle", first["Messages"][0]["ReceiptHandle"]}}, "f.fifo");
  EXPECT_EQ(NameOf(Start("ReceiveMessage", input, "f.fifo").get().status()),
            "InvalidParameterValue");
  clock_.Advance(minutes(5));
  EXPECT_THAT(BodiesOf(Must("ReceiveMessage", input, "f.fifo")), ElementsAre("a2", "b1"));
  EXPECT_EQ(NameOf(Start("ReceiveMessage", input).get().status()), "InvalidParameterValue");
}

TEST_F(SqsTest, ClosingEndsLongPolls) {
  auto received = Start("ReceiveMessage", {{"WaitTimeSeconds", 20}});
  sqs_->Close();
  EXPECT_THAT(received.get(), IsOk());
  EXPECT_THAT(Start("ReceiveMessage", {{"WaitTimeSeconds", 20}}).get(), IsOk());
}

TEST_F(SqsTest, AWrongWaitTakesNoMessage) {
  Must("SendMessage", {{"MessageBody", "m"}});
  const auto refused = Start("ReceiveMessage", {{"WaitTimeSeconds", 21}}).get();
  EXPECT_EQ(NameOf(refused.status()), "InvalidParameterValue");
  EXPECT_THAT(Receive(), ElementsAre("m"));
}

TEST_F(SqsTest, WhatASendMayNotHave) {
  Json many = Json::object();
  for (int i = 0; i < 11; ++i) {
    many["a" + std::to_string(i)] = {{"DataType", "String"}, {"StringValue", "v"}};
  }
  const Json odd = {{"a", {{"DataType", "Stringy"}, {"StringValue", "v"}}}};
  const auto name = [this](const Json& input, const std::string& queue = "q") {
    return NameOf(Start("SendMessage", input, queue).get().status());
  };
  EXPECT_EQ(name({{"MessageBody", ""}}), "MissingParameter");
  EXPECT_EQ(name({{"MessageBody", "\xEF\xBF\xBF"}}), "InvalidMessageContents");
  EXPECT_EQ(name({{"MessageBody", "m"}, {"DelaySeconds", 901}}), "InvalidParameterValue");
  EXPECT_EQ(name({{"MessageBody", "m"}, {"MessageAttributes", many}}), "InvalidParameterValue");
  EXPECT_EQ(name({{"MessageBody", "m"}, {"MessageAttributes", odd}}), "InvalidParameterValue");
  EXPECT_EQ(name({{"MessageBody", "m"}, {"MessageDeduplicationId", "1"}}), "InvalidParameterValue");
  EXPECT_EQ(name({{"MessageBody", "m"}}, "f.fifo"), "MissingParameter");
  EXPECT_EQ(name({{"MessageBody", "m"}, {"MessageGroupId", "g"}}, "f.fifo"),
            "InvalidParameterValue");
  EXPECT_EQ(name({{"MessageBody", "m"},
                  {"MessageGroupId", "g"},
                  {"MessageDeduplicationId", "1"},
                  {"DelaySeconds", 1}},
                 "f.fifo"),
            "InvalidParameterValue");
  EXPECT_THAT(Receive(), IsEmpty());
}

TEST_F(SqsTest, AttributesCountTowardsTheSize) {
  Must("CreateQueue", {{"QueueName", "s"}, {"Attributes", {{"MaximumMessageSize", "1024"}}}});
  Json message = {
      {"MessageBody", std::string(1024 - 11, 'x')},
      {"MessageAttributes", {{"a", {{"DataType", "Binary"}, {"BinaryValue", "AAECAw=="}}}}}};
  Must("SendMessage", message, "s");  // 1013 + 1 + 6 + 4
  message["MessageAttributes"]["a"]["BinaryValue"] = "AAECAwQ=";
  EXPECT_EQ(NameOf(Start("SendMessage", message, "s").get().status()), "InvalidParameterValue");
  Json entries = Json::array();
  for (const char* id : {"0", "1"}) {
    entries.push_back(
        {{"Id", id},
         {"MessageBody", std::string(524'288 - 8, 'x')},
         {"MessageAttributes", {{"a", {{"DataType", "String"}, {"StringValue", "v"}}}}}});
  }
  Must("SendMessageBatch", {{"Entries", entries}});
  entries[0]["MessageBody"] = std::string(524'288 - 7, 'x');
  EXPECT_EQ(NameOf(Start("SendMessageBatch", {{"Entries", entries}}).get().status()),
            "BatchRequestTooLong");
}

TEST_F(SqsTest, TheSuffixIsPartOfAFifoQueuesName) {
  const auto create = [this](const std::string& name) {
    return Start("CreateQueue", {{"QueueName", name}, {"Attributes", {{"FifoQueue", "true"}}}})
        .get();
  };
  EXPECT_THAT(create(std::string(75, 'x') + ".fifo"), IsOk());
  EXPECT_EQ(NameOf(create(std::string(76, 'x') + ".fifo").status()), "InvalidParameterValue");
}

TEST_F(SqsTest, ValuesOfAnotherTypeAreRefused) {
  const Json attribute = {{"a", {{"DataType", 7}, {"StringValue", "v"}}}};
  for (const auto& [operation, input] : std::vector<std::pair<std::string, Json>>{
           {"CreateQueue", {{"QueueName", "n"}, {"Attributes", Json::array()}}},
           {"CreateQueue", {{"QueueName", "n"}, {"Attributes", {{"DelaySeconds", 1}}}}},
           {"SendMessage", {{"MessageBody", 7}}},
           {"SendMessage", {{"MessageBody", "m"}, {"MessageAttributes", attribute}}},
           {"SendMessageBatch", {{"Entries", {{{"Id", 7}, {"MessageBody", "m"}}}}}},
           {"SendMessageBatch", {{"Entries", "none"}}},
           {"ReceiveMessage", {{"AttributeNames", "All"}, {"WaitTimeSeconds", 20}}},
           {"ReceiveMessage", {{"MaxNumberOfMessages", "1"}}}}) {
    EXPECT_EQ(NameOf(Start(operation, input).get().status()), "SerializationException")
        << operation << input;
  }
  Must("SendMessage", {{"MessageBody", "m"}, {"MessageAttributes", nullptr}});
  EXPECT_THAT(Receive(), ElementsAre("m"));
}

TEST_F(SqsTest, CloseWaitsForAnswersUnderWay) {
  std::promise<void> answering, go_on;
  sqs_->CallAsync("ReceiveMessage", {{"QueueUrl", "q"}, {"WaitTimeSeconds", 1}},
                  [&](const StatusOr<Json>&) {
                    answering.set_value();
                    go_on.get_future().wait();
                  });
  clock_.Advance(seconds(1));  // the timer answers on another thread
  answering.get_future().wait();
  auto closed = std::async(std::launch::async, [this] { sqs_->Close(); });
  EXPECT_EQ(closed.wait_for(milliseconds(50)), std::future_status::timeout);
  go_on.set_value();
  closed.get();
}

// Its timers are late: they never run.
class LateClock final : public Clock {
 public:
  WallTime Now() const override { return WallTime(std::chrono::floor<seconds>(passed_)); }
  SteadyTime SteadyNow() const override { return SteadyTime(passed_); }
  TimerId RunAt(SteadyTime, std::function<void()>) override { return ++timers_; }
  bool Cancel(TimerId) override { return true; }

  Duration passed_ = std::chrono::hours(1);
  TimerId timers_ = 0;
};

TEST(SqsTimersTest, ALongPollThatIsOverIsAnsweredByTheNextCall) {
  LateClock clock;
  SeededRng rng(7);
  const auto sqs = std::make_shared<Sqs>(SqsOptions{.clock = &clock, .rng = &rng});
  sqs->CallAsync("CreateQueue", {{"QueueName", "q"}}, [](const auto&) {});
  int answered = 0;
  const auto wait = [&](int time) {
    sqs->CallAsync("ReceiveMessage", {{"QueueUrl", "q"}, {"WaitTimeSeconds", time}},
                   [&](const auto&) { ++answered; });
  };
  wait(1);
  clock.passed_ += seconds(1);
  wait(20);
  EXPECT_EQ(answered, 1);
  sqs->Close();
  EXPECT_EQ(answered, 2);
}

TEST(SqsDigestsTest, AttributesAsTheDeveloperGuideSays) {
  const Json attributes = {{"kind", {{"DataType", "String"}, {"StringValue", "claim"}}}};
  const std::string bytes("\0\0\0\4kind\0\0\0\6String\1\0\0\0\5claim", 28);
  EXPECT_EQ(AttributesMd5(attributes), Md5Hex(bytes));
  EXPECT_EQ(AttributesMd5({{"kind", {{"DataType", "Float"}, {"StringValue", "1"}}}}), std::nullopt);
  EXPECT_EQ(AttributesMd5({{"kind", {{"DataType", "Binary"}, {"BinaryValue", "?"}}}}),
            std::nullopt);
}

}  // namespace
}  // namespace gsh::testing::aws
