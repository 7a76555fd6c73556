// aws::Sqs: queues (Amazon SQS, API 2012-11-05), standard and FIFO.
#ifndef GSH_AWS_SQS_H_
#define GSH_AWS_SQS_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gsh/aws/options.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::aws {
namespace sqs {

struct MessageAttribute {
  std::string data_type = "String";  // "String", "Number", "Binary", with a label: "Number.int"
  std::string value = {};            // of Binary: the bytes
};
using MessageAttributes = std::map<std::string, MessageAttribute>;

struct OutgoingMessage {
  std::string body =
      {};  // UTF-8 without controls but tab and line ends; up to 1 MiB with attributes
  std::optional<std::chrono::seconds> delay = {};  // up to 900 s; of standard queues alone
  MessageAttributes attributes = {};               // up to 10
  std::string group_id = {};                       // FIFO: required. Up to 128
  // FIFO: a second message with the same id within 5 minutes is taken and dropped. Required unless
  // the queue makes its own from the body. Up to 128.
  std::string deduplication_id = {};
};

struct SentMessage {
  std::string message_id = {};
  std::string sequence_number = {};  // FIFO
};

struct ReceiveRequest {
  std::string queue_url = {};
  int max_messages = 10;                                        // 1 to 10
  std::chrono::seconds wait{20};                                // up to 20 s, until there is one
  std::optional<std::chrono::seconds> visibility_timeout = {};  // up to 12 h; empty: the queue's
  std::vector<std::string> attribute_names = {"All"};           // of messages
  std::vector<std::string> system_attribute_names = {"All"};    // "ApproximateReceiveCount" ...
  // FIFO: a call with the same id within 5 minutes gets the same messages and receipt handles
  // again, in case the first answer was lost. Up to 128. Empty: one for each call, so that what it
  // repeats itself loses nothing.
  std::string receive_request_attempt_id = {};
};

struct Message {
  std::string message_id = {};
  std::string receipt_handle = {};  // for DeleteMessage and ChangeMessageVisibility
  std::string body = {};
  MessageAttributes attributes = {};
  std::map<std::string, std::string> system_attributes = {};  // "SentTimestamp" ...
};

}  // namespace sqs

// A port; see openmatch::Frontend for how such are used. Many calls may be in flight at once.
//
// Bodies and attributes are checked by the MD5 digests that SQS gives: DataLoss if they differ.
// Queues that do not exist are NotFound (QueueDoesNotExist). Failed calls are repeated if that may
// help, so that a message of a standard queue may be sent twice, which such queues may do
// themselves; FIFO queues drop the second by its deduplication id.
class GSH_EXPORT Sqs {
 public:
  template <typename T>
  using Callback = std::function<void(StatusOr<T>)>;
  using DoneCallback = std::function<void(Status)>;
  using Attributes = std::map<std::string, std::string>;
  using SentMessages = std::vector<StatusOr<sqs::SentMessage>>;

  virtual ~Sqs() = default;

  // `owner`: the account whose queue it is; empty: the caller's.
  virtual void GetQueueUrlAsync(std::string queue_name, std::string owner, CallOptions options,
                                Callback<std::string> done) = 0;
  virtual void GetQueueAttributesAsync(std::string queue_url, std::vector<std::string> names,
                                       CallOptions options, Callback<Attributes> done) = 0;
  virtual void SendMessageAsync(std::string queue_url, sqs::OutgoingMessage message,
                                CallOptions options, Callback<sqs::SentMessage> done) = 0;
  // Any number of messages, in as many requests as SQS's limits need (10 messages, 1 MiB), one
  // after the other. Each message has its own result, in order. After a request that failed, and on
  // a FIFO queue after a message that did, no more are sent: those are Aborted. The options'
  // timeout is of each request. InvalidArgument, with nothing sent, if any message is wrong as it
  // stands.
  virtual void SendMessageBatchAsync(std::string queue_url,
                                     std::vector<sqs::OutgoingMessage> messages,
                                     CallOptions options, Callback<SentMessages> done) = 0;
  // No message within `wait` is OK, too. `wait` comes on top of the time-outs that the client's
  // options name, but not of the call's own.
  virtual void ReceiveMessageAsync(sqs::ReceiveRequest request, CallOptions options,
                                   Callback<std::vector<sqs::Message>> done) = 0;
  virtual void DeleteMessageAsync(std::string queue_url, std::string receipt_handle,
                                  CallOptions options, DoneCallback done) = 0;
  // As SendMessageBatchAsync, but a message that cannot be deleted stops nothing.
  virtual void DeleteMessageBatchAsync(std::string queue_url,
                                       std::vector<std::string> receipt_handles,
                                       CallOptions options, Callback<std::vector<Status>> done) = 0;
  // Hidden from others for so long from now on, up to 12 h; 0: seen at once.
  virtual void ChangeMessageVisibilityAsync(std::string queue_url, std::string receipt_handle,
                                            std::chrono::seconds visibility_timeout,
                                            CallOptions options, DoneCallback done) = 0;

  // The same, blocking.
  StatusOr<std::string> GetQueueUrl(std::string queue_name, std::string owner = {},
                                    CallOptions options = {});
  StatusOr<Attributes> GetQueueAttributes(std::string queue_url,
                                          std::vector<std::string> names = {"All"},
                                          CallOptions options = {});
  StatusOr<sqs::SentMessage> SendMessage(std::string queue_url, sqs::OutgoingMessage message,
                                         CallOptions options = {});
  StatusOr<SentMessages> SendMessageBatch(std::string queue_url,
                                          std::vector<sqs::OutgoingMessage> messages,
                                          CallOptions options = {});
  StatusOr<std::vector<sqs::Message>> ReceiveMessage(sqs::ReceiveRequest request,
                                                     CallOptions options = {});
  Status DeleteMessage(std::string queue_url, std::string receipt_handle, CallOptions options = {});
  StatusOr<std::vector<Status>> DeleteMessageBatch(std::string queue_url,
                                                   std::vector<std::string> receipt_handles,
                                                   CallOptions options = {});
  Status ChangeMessageVisibility(std::string queue_url, std::string receipt_handle,
                                 std::chrono::seconds visibility_timeout, CallOptions options = {});
};

// Does not connect. Requests go to the region's endpoint (or endpoint_url), never to the host of a
// queue's URL.
GSH_EXPORT StatusOr<std::unique_ptr<Sqs>> MakeSqs(AwsOptions options = {});

}  // namespace gsh::aws

#endif  // GSH_AWS_SQS_H_
