#include "gsh/aws/sqs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "src/aws/client/service_fixture.h"
#include "src/aws/sqs/digest.h"

namespace gsh::aws {
namespace {

using namespace sqs;
using nlohmann::json;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

constexpr char kQueue[] = "https://sqs.eu-west-1.amazonaws.com/1/q";
constexpr char kFifo[] = "https://sqs.eu-west-1.amazonaws.com/1/q.fifo";

class SqsTest : public ::testing::Test {
 protected:
  SqsTest() {
    auto client = MakeSqs(service_.options());
    EXPECT_THAT(client, IsOk());
    if (client.ok()) client_ = *std::move(client);
  }
  json Sent() const { return json::parse(service_.last().body); }
  std::string Target() const { return *service_.last().FindHeader("X-Amz-Target"); }
  // What SQS answers to a batch of `count`, of which `failed` fails.
  void ReplyToBatch(int count, int failed = -1) {
    json answer = {{"Successful", json::array()}, {"Failed", json::array()}};
    for (int i = count - 1; i >= 0; --i) {  // in any order
      const std::string id = std::to_string(i);
      if (i == failed) {
        answer["Failed"].push_back({{"Id", id}, {"SenderFault", true}, {"Code", "InvalidMessage"}});
      } else {
        answer["Successful"].push_back({{"Id", id}, {"MessageId", "m" + id}});
      }
    }
    service_.Reply(200, answer.dump());
  }

  FakeService service_;
  std::unique_ptr<Sqs> client_;
};

TEST_F(SqsTest, GetsAQueuesUrlAndAttributes) {
  service_.Reply(200, R"({"QueueUrl":"https://host/1/q"})");
  const auto url = client_->GetQueueUrl("q", "123456789012");
  ASSERT_THAT(url, IsOk());
  EXPECT_EQ(*url, "https://host/1/q");
  EXPECT_EQ(Target(), "AmazonSQS.GetQueueUrl");
  EXPECT_EQ(*service_.last().FindHeader("Content-Type"), "application/x-amz-json-1.0");
  EXPECT_EQ(Sent(), json::parse(R"({"QueueName":"q","QueueOwnerAWSAccountId":"123456789012"})"));
  service_.Reply(200, R"({"Attributes":{"FifoQueue":"true"}})");
  const auto attributes = client_->GetQueueAttributes(kQueue);
  ASSERT_THAT(attributes, IsOk());
  EXPECT_EQ(attributes->at("FifoQueue"), "true");
  EXPECT_EQ(Sent(), (json{{"QueueUrl", kQueue}, {"AttributeNames", {"All"}}}));
}

TEST_F(SqsTest, SendsAMessageWithAttributes) {
  // The digests are those that Python's hashlib gives for the same bytes.
  service_.Reply(200, R"({"MessageId":"m","MD5OfMessageBody":"5d41402abc4b2a76b9719d911017c592",
    "MD5OfMessageAttributes":"7201dae985aeda61355dffdc3976e84a"})");
  OutgoingMessage message{.body = "hello", .delay = seconds(3)};
  message.attributes["bytes"] = {.data_type = "Binary", .value = std::string("\0\xff", 2)};
  message.attributes["name"] = {.value = "v\xC3\xA9"};
  message.attributes["size"] = {.data_type = "Number.int", .value = "7"};
  const auto sent = client_->SendMessage(kQueue, message);
  EXPECT_EQ(Target(), "AmazonSQS.SendMessage");
  EXPECT_EQ(Sent(), json::parse(R"({"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/1/q",
    "MessageBody":"hello","DelaySeconds":3,"MessageAttributes":{
    "bytes":{"DataType":"Binary","BinaryValue":"AP8="},
    "name":{"DataType":"String","StringValue":"v\u00e9"},
    "size":{"DataType":"Number.int","StringValue":"7"}}})"));
  ASSERT_THAT(sent, IsOk());
  EXPECT_EQ(sent->message_id, "m");
}

TEST_F(SqsTest, AWrongDigestIsDataLoss) {
  service_.Reply(200, R"({"MessageId":"m","MD5OfMessageBody":"00000000000000000000000000000000"})");
  EXPECT_THAT(client_->SendMessage(kQueue, {.body = "hello"}), StatusIs(StatusCode::kDataLoss));
  service_.Reply(200, R"({"MessageId":"m","MD5OfMessageAttributes":"0"})");
  EXPECT_THAT(client_->SendMessage(kQueue, {.body = "x", .attributes = {{"a", {.value = "b"}}}}),
              StatusIs(StatusCode::kDataLoss));
  service_.Reply(200, R"({"Messages":[{"Body":"hello","MD5OfBody":"0"}]})");
  EXPECT_THAT(client_->ReceiveMessage({.queue_url = kQueue}), StatusIs(StatusCode::kDataLoss));
}

TEST_F(SqsTest, SendsToFifoQueues) {
  service_.Reply(200, R"({"MessageId":"m","SequenceNumber":"18"})");
  const auto sent =
      client_->SendMessage(kFifo, {.body = "b", .group_id = "match-1", .deduplication_id = "d-1"});
  ASSERT_THAT(sent, IsOk());
  EXPECT_EQ(sent->sequence_number, "18");
  EXPECT_EQ(Sent(), (json{{"QueueUrl", kFifo},
                          {"MessageBody", "b"},
                          {"MessageGroupId", "match-1"},
                          {"MessageDeduplicationId", "d-1"}}));
}

TEST_F(SqsTest, NamesEachMistakeAndSendsNothing) {
  EXPECT_THAT(client_->SendMessage("", {.body = "\x01",
                                        .delay = seconds(901),
                                        .attributes = {{"a b", {.data_type = "List"}}},
                                        .group_id = "a b",
                                        .deduplication_id = "\xC3\xA9"}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("QueueUrl is required"), HasSubstr("controls"),
                             HasSubstr("DelaySeconds must be from 0 to 900"),
                             HasSubstr("a name that is not"), HasSubstr("DataType"),
                             HasSubstr("a value that is empty"), HasSubstr("for FIFO queues"),
                             HasSubstr("MessageGroupId must be printable ASCII"),
                             HasSubstr("MessageDeduplicationId must be printable ASCII"))));
  EXPECT_THAT(client_->SendMessage(kFifo, {.body = "b"}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("MessageGroupId is required")));
  EXPECT_THAT(client_->SendMessage(kQueue, {.body = std::string((1u << 20) + 1, 'x')}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("1 MiB")));
  EXPECT_THAT(client_->SendMessageBatch(kQueue, {{.body = "good"}, {.body = ""}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("Entries[1].MessageBody")));
  EXPECT_THAT(client_->SendMessageBatch(kQueue, {}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(client_->ReceiveMessage({.queue_url = kQueue, .max_messages = 11}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(client_->ReceiveMessage({.queue_url = kQueue, .wait = seconds(21)}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(client_->DeleteMessage(kQueue, ""), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(client_->ChangeMessageVisibility(kQueue, "r", seconds(43201)),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_TRUE(service_.requests().empty());
}

TEST_F(SqsTest, BatchesAreSplitByNumberAndPartialFailuresTold) {
  std::vector<OutgoingMessage> messages;
  for (int i = 0; i < 23; ++i) messages.push_back({.body = "b" + std::to_string(i)});
  ReplyToBatch(10);
  ReplyToBatch(10, 4);
  ReplyToBatch(3);
  const auto sent = client_->SendMessageBatch(kQueue, messages);
  ASSERT_THAT(sent, IsOk());
  ASSERT_EQ(sent->size(), 23u);
  for (std::size_t i = 0; i < sent->size(); ++i) {
    if (i == 14) {
      EXPECT_THAT((*sent)[i], StatusIs(StatusCode::kInvalidArgument, "InvalidMessage"));
      EXPECT_EQ((*sent)[i].status().info()->name, "InvalidMessage");
    } else {
      ASSERT_THAT((*sent)[i], IsOk());
      EXPECT_EQ((*sent)[i]->message_id, "m" + std::to_string(i % 10));
    }
  }
  ASSERT_EQ(service_.requests().size(), 3u);
  EXPECT_EQ(Sent()["Entries"][0], (json{{"Id", "0"}, {"MessageBody", "b20"}}));
}

TEST_F(SqsTest, BatchesAreSplitBySize) {
  const std::string large(400u << 10, 'x');
  ReplyToBatch(2);
  ReplyToBatch(2);
  ReplyToBatch(1);
  const auto sent = client_->SendMessageBatch(
      kQueue,
      {{.body = large}, {.body = large}, {.body = large}, {.body = large}, {.body = large}});
  ASSERT_THAT(sent, IsOk());
  for (const auto& one : *sent) EXPECT_THAT(one, IsOk());
  EXPECT_EQ(service_.requests().size(), 3u);
}

TEST_F(SqsTest, AFifoQueueKeepsItsOrderWhenAMessageFails) {
  std::vector<OutgoingMessage> messages;
  for (int i = 0; i < 12; ++i) messages.push_back({.body = "b", .group_id = "g"});
  ReplyToBatch(10, 9);
  const auto sent = client_->SendMessageBatch(kFifo, messages);
  ASSERT_THAT(sent, IsOk());
  EXPECT_THAT((*sent)[8], IsOk());
  EXPECT_THAT((*sent)[9], StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT((*sent)[10], StatusIs(StatusCode::kAborted));
  EXPECT_THAT((*sent)[11], StatusIs(StatusCode::kAborted));
  EXPECT_EQ(service_.requests().size(), 1u);
}

TEST_F(SqsTest, ABatchThatFailsEndsTheRest) {
  std::vector<OutgoingMessage> messages(15, {.body = "b"});
  service_.Reply(403, R"({"__type":"AccessDeniedException"})");
  const auto sent = client_->SendMessageBatch(kQueue, messages);
  ASSERT_THAT(sent, IsOk());
  EXPECT_THAT((*sent)[0], StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT((*sent)[9], StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT((*sent)[10], StatusIs(StatusCode::kAborted));
  EXPECT_EQ(service_.requests().size(), 1u);
}

TEST_F(SqsTest, BatchAnswersMustBeAboutTheEntries) {
  for (const char* body :
       {R"({"Successful":[{"Id":"7","MessageId":"m"}]})", R"({"Failed":[1]})",
        R"({"Successful":[{"Id":"0","MessageId":"m"}],"Failed":[{"Id":"0"}]})", "{}", "no"}) {
    service_.Reply(200, body);
    const auto sent = client_->SendMessageBatch(kQueue, {{.body = "b"}});
    ASSERT_THAT(sent, IsOk());
    EXPECT_THAT((*sent)[0], StatusIs(StatusCode::kInternal)) << body;
  }
}

TEST_F(SqsTest, ReceivesMessages) {
  service_.Reply(200, R"({"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"hello",
    "MD5OfBody":"5d41402abc4b2a76b9719d911017c592","Attributes":{"SentTimestamp":"5","X":1},
    "MessageAttributes":{"b":{"DataType":"Binary","BinaryValue":"AP8="},
    "s":{"DataType":"String","StringValue":"t"}}}]})");
  const auto messages = client_->ReceiveMessage({.queue_url = kQueue,
                                                 .max_messages = 3,
                                                 .wait = seconds(5),
                                                 .visibility_timeout = seconds(30)});
  ASSERT_THAT(messages, IsOk());
  EXPECT_EQ(Sent(), (json{{"QueueUrl", kQueue},
                          {"MaxNumberOfMessages", 3},
                          {"WaitTimeSeconds", 5},
                          {"VisibilityTimeout", 30},
                          {"MessageAttributeNames", {"All"}},
                          {"MessageSystemAttributeNames", {"All"}}}));
  ASSERT_EQ(messages->size(), 1u);
  const Message& message = messages->front();
  EXPECT_EQ(message.message_id, "m");
  EXPECT_EQ(message.receipt_handle, "r");
  EXPECT_EQ(message.body, "hello");
  EXPECT_EQ(message.attributes.at("b").value, std::string("\0\xff", 2));
  EXPECT_EQ(message.attributes.at("s").value, "t");
  EXPECT_EQ(message.system_attributes, (Sqs::Attributes{{"SentTimestamp", "5"}}));
}

TEST_F(SqsTest, TenOfTheLargestMessagesAreOneAnswer) {
  const json message = {{"Body", std::string(1u << 20, '\n')}};  // two bytes each in JSON
  const std::string answer = json{{"Messages", json::array_t(10, message)}}.dump();
  service_.Reply(200, answer);
  const auto messages = client_->ReceiveMessage({.queue_url = kQueue, .wait = seconds(0)});
  ASSERT_THAT(messages, IsOk());
  EXPECT_EQ(messages->size(), 10u);
  AwsOptions options = service_.options();
  options.max_response_bytes = 8u << 20;
  const auto client = MakeSqs(options);
  ASSERT_THAT(client, IsOk());
  service_.Reply(200, answer);
  EXPECT_THAT((*client)->ReceiveMessage({.queue_url = kQueue, .wait = seconds(0)}),
              StatusIs(StatusCode::kResourceExhausted));
}

TEST_F(SqsTest, NoMessagesIsOk) {
  for (const char* body : {"{}", R"({"Messages":[]})", R"({"Messages":null})"}) {
    service_.Reply(200, body);
    const auto messages = client_->ReceiveMessage({.queue_url = kQueue, .wait = seconds(0)});
    ASSERT_THAT(messages, IsOk());
    EXPECT_TRUE(messages->empty());
  }
  for (const char* body : {"", "[]", R"({"Messages":7})", R"({"Messages":[7]})",
                           R"({"Messages":[{"MessageAttributes":7}]})",
                           R"({"Messages":[{"MessageAttributes":{"a":{"DataType":"Binary",
                             "BinaryValue":"?"}}}]})"}) {
    service_.Reply(200, body);
    EXPECT_THAT(client_->ReceiveMessage({.queue_url = kQueue, .wait = seconds(0)}),
                StatusIs(StatusCode::kInternal))
        << body;
  }
}

TEST_F(SqsTest, RepeatsOfAFifoReceiveAskForTheSameMessages) {
  const auto ids = [&](const sqs::ReceiveRequest& request) {
    const std::size_t before = service_.requests().size();
    service_.Reply(500, R"({"__type":"InternalError"})");
    EXPECT_THAT(client_->ReceiveMessage(request), IsOk());
    std::vector<std::string> sent;
    for (const auto& one : service_.requests()) {
      sent.push_back(json::parse(one.body).value("ReceiveRequestAttemptId", ""));
    }
    return std::vector<std::string>(sent.begin() + static_cast<long>(before), sent.end());
  };
  const auto first = ids({.queue_url = kFifo, .wait = seconds(0)});
  ASSERT_EQ(first.size(), 2u);
  EXPECT_THAT(first[0], ::testing::MatchesRegex("[0-9a-f-]{36}"));
  EXPECT_EQ(first[1], first[0]);
  EXPECT_NE(ids({.queue_url = kFifo, .wait = seconds(0)})[0], first[0]);
  EXPECT_THAT(ids({.queue_url = kFifo, .wait = seconds(0), .receive_request_attempt_id = "my-own"}),
              ::testing::ElementsAre("my-own", "my-own"));
  // Standard queues do not take one.
  EXPECT_THAT(ids({.queue_url = kQueue, .wait = seconds(0)}), ::testing::ElementsAre("", ""));
}

TEST_F(SqsTest, AnAttemptIdThatWasThrottledIsNotTriedForEver) {
  const auto refuse = [&] {
    service_.Reply(400, R"({"__type":"com.amazonaws.sqs#RequestThrottled"})");
    service_.Reply(400, R"({"__type":"com.amazon.coral.service#InvalidParameterValueException",
      "message":"Value x for parameter ReceiveRequestAttemptId is invalid."})");
  };
  const auto id = [&](std::size_t i) {
    return json::parse(service_.requests().at(i).body).at("ReceiveRequestAttemptId");
  };
  refuse();
  EXPECT_THAT(client_->ReceiveMessage({.queue_url = kFifo, .wait = seconds(0)}), IsOk());
  ASSERT_EQ(service_.requests().size(), 3u);
  EXPECT_EQ(id(1), id(0));
  EXPECT_NE(id(2), id(0));
  refuse();
  refuse();
  EXPECT_THAT(client_->ReceiveMessage({.queue_url = kFifo, .wait = seconds(0)}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(service_.requests().size(), 7u);
  refuse();  // the caller's own id is not ours to change
  EXPECT_THAT(client_->ReceiveMessage(
                  {.queue_url = kFifo, .wait = seconds(0), .receive_request_attempt_id = "my-own"}),
              StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(service_.requests().size(), 9u);
}

TEST_F(SqsTest, ALongPollsWaitComesOnTopOfTheTimeout) {
  AwsOptions options = service_.options();
  options.timeout = Duration(1);
  const auto client = MakeSqs(options);
  ASSERT_THAT(client, IsOk());
  EXPECT_THAT((*client)->ReceiveMessage({.queue_url = kQueue, .wait = seconds(20)}), IsOk());
  EXPECT_THAT((*client)->DeleteMessage(kQueue, "r"), StatusIs(StatusCode::kDeadlineExceeded));
}

TEST_F(SqsTest, ALongPollTakesTimeoutsThatNeverEnd) {
  AwsOptions options = service_.options();
  options.timeout = Duration::max();
  options.attempt_timeout = Duration::max();
  const auto client = MakeSqs(options);
  ASSERT_THAT(client, IsOk());
  EXPECT_THAT((*client)->ReceiveMessage({.queue_url = kQueue, .wait = seconds(20)}), IsOk());
}

TEST_F(SqsTest, DeletesGoOnAfterOneThatFailed) {
  ReplyToBatch(10, 3);
  ReplyToBatch(2);
  const auto deleted = client_->DeleteMessageBatch(kFifo, std::vector<std::string>(12, "r"));
  ASSERT_THAT(deleted, IsOk());
  EXPECT_THAT((*deleted)[3], StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT((*deleted)[10], IsOk());
  EXPECT_THAT((*deleted)[11], IsOk());
}

TEST_F(SqsTest, AnEntrysErrorIsOneCleanLine) {
  service_.Reply(200, json{{"Failed",
                            {{{"Id", "0"},
                              {"SenderFault", true},
                              {"Code", "Bad\nCode"},
                              {"Message", "first\x1b[2J\nsecond" + std::string(5000, 'x')}}}}}
                          .dump());
  const auto sent = client_->SendMessageBatch(kQueue, {{.body = "b"}});
  ASSERT_THAT(sent, IsOk());
  EXPECT_THAT((*sent)[0], StatusIs(StatusCode::kInvalidArgument, "first [2J"));
  EXPECT_EQ((*sent)[0].status().info()->name, "");
}

TEST_F(SqsTest, TooMuchUnderWayIsNobodysMistake) {
  service_.Reply(403, R"({"__type":"com.amazonaws.sqs#OverLimit","message":"m"})");
  EXPECT_THAT(client_->ReceiveMessage({.queue_url = kQueue, .wait = seconds(0)}),
              StatusIs(StatusCode::kResourceExhausted, "OverLimit: m"));
  service_.Reply(400, R"({"__type":"com.amazonaws.sqs#MessageNotInflight","message":"m"})");
  EXPECT_THAT(client_->ChangeMessageVisibility(kQueue, "r", seconds(1)),
              StatusIs(StatusCode::kFailedPrecondition));
}

TEST_F(SqsTest, DeletesAndHides) {
  ASSERT_THAT(client_->DeleteMessage(kQueue, "r"), IsOk());
  EXPECT_EQ(Target(), "AmazonSQS.DeleteMessage");
  EXPECT_EQ(Sent(), (json{{"QueueUrl", kQueue}, {"ReceiptHandle", "r"}}));
  ASSERT_THAT(client_->ChangeMessageVisibility(kQueue, "r", seconds(0)), IsOk());
  EXPECT_EQ(Target(), "AmazonSQS.ChangeMessageVisibility");
  EXPECT_EQ(Sent(), (json{{"QueueUrl", kQueue}, {"ReceiptHandle", "r"}, {"VisibilityTimeout", 0}}));
  ReplyToBatch(10);
  ReplyToBatch(1, 0);
  const auto deleted = client_->DeleteMessageBatch(kQueue, std::vector<std::string>(11, "r"));
  ASSERT_THAT(deleted, IsOk());
  EXPECT_THAT((*deleted)[9], IsOk());
  EXPECT_THAT((*deleted)[10], StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(Sent(),
            (json{{"QueueUrl", kQueue}, {"Entries", {{{"Id", "0"}, {"ReceiptHandle", "r"}}}}}));
}

TEST_F(SqsTest, AQueueThatIsNotThereIsNotFound) {
  service_.Reply(400, R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"m"})",
                 {{"x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"}});
  const auto url = client_->GetQueueUrl("q");
  EXPECT_THAT(url, StatusIs(StatusCode::kNotFound, "QueueDoesNotExist: m"));
}

TEST_F(SqsTest, NoHostButTheEndpointIsAsked) {
  FakeService other;
  ASSERT_THAT(client_->DeleteMessage(other.url() + "/1/q", "r"), IsOk());
  EXPECT_TRUE(other.requests().empty());
  EXPECT_EQ(service_.last().path, "/");
}

// As moto computes them (tests/aws compares the sandbox with it).
TEST(SqsDigest, OfAttributes) {
  EXPECT_EQ(Md5OfAttributes({{"timestamp", {.data_type = "Number", .value = "1493147359900"}}}),
            "235c5c510d26fb653d073faed50ae77c");
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  std::string json_text;
  for (int i = 0; i < 500; ++i) json_text += "{}";
  EXPECT_EQ(Md5OfAttributes({{"B.b-1_", {.data_type = "Binary.png", .value = bytes}},
                             {"a", {.value = "é世😀 <&>\t\n"}},
                             {"Z", {.data_type = "Number.float", .value = "-1.5e3"}},
                             {"10", {.data_type = "String.json", .value = json_text}},
                             {"9", {.value = " "}}}),
            "d69d16f2e60303a303a137fff2c6aaed");
}

}  // namespace
}  // namespace gsh::aws
