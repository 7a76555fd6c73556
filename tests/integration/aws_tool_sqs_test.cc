// gsh-aws sqs as people run it, against the sandbox.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "gsh/aws/default_credentials.h"
#include "src/aws/client/service_client.h"
#include "src/aws/sqs/operations.h"
#include "src/core/await.h"
#include "tests/integration/aws_tool_fixture.h"

namespace gsh::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class AwsToolSqsTest : public AwsToolTest {
 protected:
  AwsToolSqsTest() {
    CreateQueue({{"QueueName", "q"}});
    CreateQueue({{"QueueName", "f.fifo"}, {"Attributes", {{"FifoQueue", "true"}}}});
    sandbox_->TakeRequests();
  }

  // Neither the tool nor the library makes queues.
  void CreateQueue(const Json& queue) {
    const auto client = aws::ServiceClient::Make(
        {.region = "us-east-1",
         .endpoint_url = sandbox_->endpoints().services,
         .credentials = aws::MakeStaticCredentials({"AKIASANDBOX000000000", "sandbox-secret"})},
        aws::sqs::kSqs);
    ASSERT_THAT(client, IsOk());
    const auto made =
        gsh::internal::Await<StatusOr<std::string>>({}, [&](CallOptions options, auto done) {
          (*client)->CallAsync({"aws.SQS", "CreateQueue"}, queue.dump(), std::move(options),
                               std::move(done));
        });
    ASSERT_THAT(made, IsOk());
  }
  Json Receive(const std::string& queue, Args more = {}) {
    Args args = {"sqs", "receive", queue, "--max", "10"};
    args.insert(args.end(), more.begin(), more.end());
    return Must(args);
  }
  static std::vector<std::string> BodiesOf(const Json& messages) {
    std::vector<std::string> bodies;
    for (const Json& message : messages) bodies.push_back(message["body"]);
    return bodies;
  }
  void WaitForRequest(const std::string& operation) {
    const auto end = std::chrono::steady_clock::now() + RunningProgram::kPatience;
    while (std::chrono::steady_clock::now() < end) {
      const auto requests = sandbox_->TakeRequests();
      if (std::ranges::find(requests, operation) != requests.end()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "no " << operation;
  }
  std::string Count(const char* attribute) { return Must({"sqs", "attributes", "q"})[attribute]; }
};

TEST_F(AwsToolSqsTest, AMessagesWay) {
  const Json sent = Must({"sqs", "send", "q", "héllo"});
  const Json got = Receive("q");
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0]["message_id"], sent["message_id"]);
  EXPECT_EQ(got[0]["body"], "héllo");
  EXPECT_EQ(got[0]["attributes"], Json::object());
  EXPECT_EQ(got[0]["system_attributes"]["ApproximateReceiveCount"], "1");
  EXPECT_EQ(Receive("q"), Json::array());  // it is hidden
  EXPECT_EQ(Count("ApproximateNumberOfMessagesNotVisible"), "1");
  EXPECT_EQ(Must({"sqs", "delete", "q", got[0]["receipt_handle"]}), Json::object());
  EXPECT_EQ(Count("ApproximateNumberOfMessagesNotVisible"), "0");
}

TEST_F(AwsToolSqsTest, AQueueByNameOrUrl) {
  const std::string url = Must({"sqs", "url", "q"});
  EXPECT_EQ(url, sandbox_->endpoints().services + "/123456789012/q");
  EXPECT_EQ(Run({"sqs", "url", "q", "--output", "text"}).output, url + "\n");
  sandbox_->TakeRequests();
  Must({"sqs", "send", url, "by URL"});
  // Only its path counts: the request goes to the service, not to a host that somebody names.
  Must({"sqs", "send", "http://evil.example/123456789012/q", "likewise"});
  EXPECT_THAT(sandbox_->TakeRequests(), ElementsAre("SendMessage", "SendMessage"));
  EXPECT_THAT(BodiesOf(Receive("q")), ElementsAre("by URL", "likewise"));
}

TEST_F(AwsToolSqsTest, AttributesAndBodiesOfAllKinds) {
  Must({"sqs", "send", "q", "x", "--attribute", "kind=claim", "--attribute", "seats:Number=16",
        "--attribute", "a.b=c=d:e", "--attribute", "raw:Binary=AP8="});
  Must({"sqs", "send", "q", "[\"a\",\"b\"]"});
  Must({"sqs", "send", "q", "--", "--x"});
  RunningProgram piped(Program({"sqs", "send", "q", "-"}));
  piped.Type("two\nlines\t\n");
  piped.CloseInput();
  EXPECT_EQ(piped.Wait(), 0) << piped.Output();
  const Json got = Receive("q");
  EXPECT_THAT(BodiesOf(got), ElementsAre("x", "[\"a\",\"b\"]", "--x", "two\nlines\t\n"));
  const Json attributes = {{"kind", "claim"}, {"seats", "16"}, {"a.b", "c=d:e"}, {"raw", "AP8="}};
  EXPECT_EQ(got[0]["attributes"], attributes);
}

TEST_F(AwsToolSqsTest, MessagesAsText) {
  Must({"sqs", "send", "q", "two\nlines", "--attribute", "kind=claim"});
  const Outcome text = Run({"sqs", "receive", "q", "--delete", "--output", "text"});
  EXPECT_THAT(text.output, HasSubstr("\ttwo lines\t{\"kind\":\"claim\"}\t{"));
  EXPECT_EQ(std::ranges::count(text.output, '\n'), 1);
}

TEST_F(AwsToolSqsTest, DelaysAndVisibility) {
  Must({"sqs", "send", "q", "late", "--delay", "900"});
  EXPECT_EQ(Receive("q"), Json::array());
  EXPECT_EQ(Count("ApproximateNumberOfMessagesDelayed"), "1");
  Must({"sqs", "send", "q", "now", "--delay", "0"});
  EXPECT_THAT(BodiesOf(Receive("q", {"--visibility-timeout", "0"})), ElementsAre("now"));
  const Json again = Receive("q");  // it was not hidden
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0]["system_attributes"]["ApproximateReceiveCount"], "2");
}

TEST_F(AwsToolSqsTest, AFifoQueueKeepsOrderAndDropsRepeats) {
  const auto send = [&](const char* body, const char* id) {
    return Must({"sqs", "send", "f.fifo", body, "--group-id", "a", "--deduplication-id", id});
  };
  const Json first = send("a1", "1");
  EXPECT_TRUE(first.contains("sequence_number"));
  EXPECT_EQ(send("a1", "1"), first);
  send("a2", "2");
  const Json got = Must({"sqs", "receive", "f.fifo"});
  EXPECT_THAT(BodiesOf(got), ElementsAre("a1"));
  EXPECT_EQ(got[0]["system_attributes"]["MessageGroupId"], "a");
  EXPECT_EQ(Receive("f.fifo"), Json::array());  // the group waits for a1
  Must({"sqs", "delete", "f.fifo", got[0]["receipt_handle"]});
  EXPECT_THAT(BodiesOf(Receive("f.fifo")), ElementsAre("a2"));
}

TEST_F(AwsToolSqsTest, ReceivedAndDeletedInOneGo) {
  for (const char* body : {"a", "b", "c"}) Must({"sqs", "send", "q", body});
  const Json got = Receive("q", {"--delete"});
  EXPECT_THAT(BodiesOf(got), ElementsAre("a", "b", "c"));
  EXPECT_FALSE(got[0].contains("receipt_handle"));
  EXPECT_EQ(Count("ApproximateNumberOfMessagesNotVisible"), "0");
  EXPECT_EQ(Receive("q", {"--delete"}), Json::array());
}

TEST_F(AwsToolSqsTest, NothingIsDeletedThatNobodyHasSeen) {
  Must({"sqs", "send", "q", "precious"});
  const Outcome full = RunRedirected("sqs receive q --delete", "> /dev/full");
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.output, HasSubstr("standard output"));
  EXPECT_EQ(Count("ApproximateNumberOfMessagesNotVisible"), "1");
}

TEST_F(AwsToolSqsTest, WhatWasReceivedIsShownEvenIfItCannotBeDeleted) {
  Must({"sqs", "send", "q", "precious"});
  sandbox_->InjectFault({.operation = "DeleteMessageBatch", .name = "AccessDenied", .times = -1});
  EXPECT_THAT(MustFail({"sqs", "receive", "q", "--delete"}),
              AllOf(HasSubstr("\"body\": \"precious\""),
                    HasSubstr("PERMISSION_DENIED: 1 of 1 were received, but not deleted: Access")));
}

TEST_F(AwsToolSqsTest, AReceiveWhoseAnswerIsLost) {
  const AwsSandboxFault lost{
      .operation = "ReceiveMessage", .http_status = 500, .name = "InternalError", .after = true};
  Must({"sqs", "send", "f.fifo", "a1", "--group-id", "a", "--deduplication-id", "1"});
  sandbox_->InjectFault(lost);
  EXPECT_THAT(BodiesOf(Receive("f.fifo")), ElementsAre("a1"));  // the repeat has its id
  Must({"sqs", "send", "q", "hidden"});
  sandbox_->InjectFault(lost);
  EXPECT_EQ(Receive("q"), Json::array());  // seen again after the visibility time-out
  EXPECT_EQ(Count("ApproximateNumberOfMessagesNotVisible"), "1");
}

TEST_F(AwsToolSqsTest, QueuesAndReceiptsThatDoNotExist) {
  for (const Args& args : {Args{"sqs", "url", "nowhere"}, Args{"sqs", "attributes", "nowhere"},
                           Args{"sqs", "send", "nowhere", "x"}, Args{"sqs", "receive", "nowhere"},
                           Args{"sqs", "delete", "nowhere", "x"}}) {
    EXPECT_THAT(MustFail(args), HasSubstr("NOT_FOUND: queue nowhere: QueueDoesNotExist"));
  }
  // Said by the service, so no usage error; and the request can be found in its log.
  EXPECT_THAT(
      MustFail({"sqs", "delete", "q", "x"}),
      AllOf(HasSubstr("ReceiptHandleIsInvalid"), HasSubstr("request "), Not(HasSubstr("--help"))));
  EXPECT_THAT(MustFail({"sqs", "send", "f.fifo", "x", "--group-id", "a"}),
              HasSubstr("MessageDeduplicationId"));
}

TEST_F(AwsToolSqsTest, WrongFlagsAreNamedAndNothingIsSent) {
  const std::string url = sandbox_->endpoints().services + "/123456789012/q";
  const std::string fifo = url.substr(0, url.size() - 1) + "f.fifo";
  const std::vector<std::pair<Args, std::string>> cases = {
      {{"send", url}, "body is required"},
      {{"send", url, ""}, "MessageBody is required"},
      {{"send", url, "x", "--delay", "901"}, "DelaySeconds must be from 0 to 900"},
      {{"send", url, "x", "--delay", "-1"}, "DelaySeconds must be from 0 to 900"},
      {{"send", url, "x", "--delay", "soon"}, "--delay: 'soon'"},
      {{"send", url, "x", "--gruop-id", "a"}, "did you mean --group-id?"},
      {{"send", fifo, "x"}, "MessageGroupId is required"},
      {{"send", fifo, "x", "--group-id", "a", "--delay", "1"}, "DelaySeconds is not for FIFO"},
      {{"send", url, "x", "--attribute", "kind"}, "'kind' is not NAME=VALUE"},
      {{"send", url, "x", "--attribute", "=v"}, "MessageAttributes has a name"},
      {{"send", url, "x", "--attribute", "a:Binary=v"}, "'a:Binary=v' has no Base64"},
      {{"send", url, "x", "--attribute", "a:Text=v"}, "MessageAttributes"},
      {{"send", url, "x", "--attribute", "a=1", "--attribute", "a=2"}, "stands there twice"},
      {{"receive", url, "--max", "0"}, "MaxNumberOfMessages must be from 1 to 10"},
      {{"receive", url, "--max", "11"}, "MaxNumberOfMessages must be from 1 to 10"},
      {{"receive", url, "--wait", "21"}, "WaitTimeSeconds must be from 0 to 20"},
      {{"receive", url, "--visibility-timeout", "43201"}, "VisibilityTimeout must be from 0"},
      {{"delete", url}, "receipt is required"},
  };
  for (const auto& [words, message] : cases) {
    Args args = words;
    args.insert(args.begin(), "sqs");
    EXPECT_THAT(MustRefuse(args),
                AllOf(HasSubstr(message), HasSubstr("Try 'gsh-aws sqs " + words[0] + " --help'.")));
  }
  EXPECT_THAT(sandbox_->TakeRequests(), IsEmpty());
}

TEST_F(AwsToolSqsTest, ALongPollEndsWithItsMessage) {
  RunningProgram poll(Program({"sqs", "receive", "q", "--wait", "20"}));
  WaitForRequest("ReceiveMessage");
  Must({"sqs", "send", "q", "at last"});
  EXPECT_EQ(poll.Wait(), 0);
  EXPECT_THAT(poll.Output(), HasSubstr("\"body\": \"at last\""));
}

TEST_F(AwsToolSqsTest, AnInterruptedLongPollEndsAtOnceAndIsNoSuccess) {
  RunningProgram poll(Program({"sqs", "receive", "q", "--wait", "20"}));
  WaitForRequest("ReceiveMessage");
  poll.Signal(SIGINT);
  EXPECT_EQ(poll.Wait(), 1);
  EXPECT_THAT(poll.Output(), HasSubstr("interrupted"));
}

}  // namespace
}  // namespace gsh::testing
