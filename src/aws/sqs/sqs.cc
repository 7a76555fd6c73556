// The SQS client over AWS JSON 1.0.
#include "gsh/aws/sqs.h"

#include <utility>

#include "gsh/clock.h"
#include "gsh/rng.h"
#include "src/aws/client/mistakes.h"
#include "src/aws/client/service_client.h"
#include "src/aws/sqs/batch_run.h"
#include "src/aws/sqs/messages.h"
#include "src/aws/sqs/operations.h"

namespace gsh::aws {
namespace {

using namespace sqs;
using nlohmann::json;

Status CheckReceipt(const char* operation, const std::string& queue_url,
                    const std::string& receipt_handle) {
  Mistakes mistakes;
  mistakes.Required(queue_url, "QueueUrl");
  mistakes.Required(receipt_handle, "ReceiptHandle");
  return mistakes.ToStatus(operation);
}

StatusOr<std::string> ReadQueueUrl(const std::string& body) {
  const auto answer = ParseAnswer(body);
  if (!answer.ok()) return answer.status();
  const auto found = answer->find("QueueUrl");
  if (found == answer->end() || !found->is_string()) {
    return InternalError("the service's answer: no QueueUrl");
  }
  return found->get<std::string>();
}

StatusOr<Sqs::Attributes> ReadQueueAttributes(const std::string& body) {
  const auto answer = ParseAnswer(body);
  if (!answer.ok()) return answer.status();
  Sqs::Attributes attributes;
  const auto found = answer->find("Attributes");
  if (found == answer->end() || !found->is_object()) return attributes;
  for (const auto& [name, value] : found->items()) {
    if (value.is_string()) attributes[name] = value.get<std::string>();
  }
  return attributes;
}

// SQS takes an attempt id no more whose first request it has throttled.
bool RefusesRepeat(const Status& status) {
  return status.code() == StatusCode::kInvalidArgument && status.info() != nullptr &&
         status.info()->attempts > 1 &&
         status.message().find("ReceiveRequestAttemptId") != std::string::npos;
}

class SqsClient final : public Sqs {
 public:
  SqsClient(std::unique_ptr<ServiceClient> client, Rng& rng, Clock& clock)
      : client_(std::move(client)), rng_(rng), clock_(clock) {}

  void GetQueueUrlAsync(std::string queue_name, std::string owner, CallOptions options,
                        Callback<std::string> done) override {
    Mistakes mistakes;
    mistakes.Required(queue_name, "QueueName");
    json body = {{"QueueName", std::move(queue_name)}};
    if (!owner.empty()) body["QueueOwnerAWSAccountId"] = std::move(owner);
    Call(kGetQueueUrl, mistakes.ToStatus(kGetQueueUrl.operation), body, std::move(options),
         [done = std::move(done)](const StatusOr<std::string>& answer) {
           done(answer.ok() ? ReadQueueUrl(*answer) : answer.status());
         });
  }

  void GetQueueAttributesAsync(std::string queue_url, std::vector<std::string> names,
                               CallOptions options, Callback<Attributes> done) override {
    Mistakes mistakes;
    mistakes.Required(queue_url, "QueueUrl");
    const json body = {{"QueueUrl", std::move(queue_url)}, {"AttributeNames", std::move(names)}};
    Call(kGetQueueAttributes, mistakes.ToStatus(kGetQueueAttributes.operation), body,
         std::move(options), [done = std::move(done)](const StatusOr<std::string>& answer) {
           done(answer.ok() ? ReadQueueAttributes(*answer) : answer.status());
         });
  }

  void SendMessageAsync(std::string queue_url, OutgoingMessage message, CallOptions options,
                        Callback<SentMessage> done) override {
    Mistakes mistakes;
    mistakes.Required(queue_url, "QueueUrl");
    CheckMessage(queue_url, message, "", mistakes);
    Status checked = mistakes.ToStatus(kSendMessage.operation);
    json body = checked.ok() ? ToJson(message) : json();
    body["QueueUrl"] = std::move(queue_url);
    Call(kSendMessage, std::move(checked), body, std::move(options),
         [message = std::move(message),
          done = std::move(done)](const StatusOr<std::string>& answer) {
           if (!answer.ok()) return done(answer.status());
           const auto parsed = ParseAnswer(*answer);
           done(parsed.ok() ? ReadSent(*parsed, message) : parsed.status());
         });
  }

  void SendMessageBatchAsync(std::string queue_url, std::vector<OutgoingMessage> messages,
                             CallOptions options, Callback<SentMessages> done) override {
    Mistakes mistakes;
    mistakes.Required(queue_url, "QueueUrl");
    mistakes.Check(!messages.empty(), "Entries is required");
    for (std::size_t i = 0; i < messages.size(); ++i) {
      CheckMessage(queue_url, messages[i], "Entries[" + std::to_string(i) + "].", mistakes);
    }
    const Status checked = mistakes.ToStatus(kSendMessageBatch.operation);
    if (!checked.ok()) return Fail(checked, std::move(options), std::move(done));
    std::vector<BatchRun::Entry> entries;
    for (const OutgoingMessage& message : messages) {
      entries.push_back({.json = ToJson(message), .size = SizeOf(message)});
    }
    // A later message of a group must not come before one that is sent again.
    const auto after_failure =
        IsFifo(queue_url) ? BatchRun::AfterFailure::kStop : BatchRun::AfterFailure::kGoOn;
    std::make_shared<BatchRun>(*client_, kSendMessageBatch, std::move(queue_url),
                               std::move(entries), after_failure, std::move(options),
                               [messages = std::move(messages),
                                done = std::move(done)](const std::vector<EntryResult>& results) {
                                 SentMessages sent;
                                 for (std::size_t i = 0; i < results.size(); ++i) {
                                   sent.push_back(results[i].status.ok()
                                                      ? ReadSent(results[i].answer, messages[i])
                                                      : results[i].status);
                                 }
                                 done(std::move(sent));
                               })
        ->Start();
  }

  void ReceiveMessageAsync(ReceiveRequest request, CallOptions options,
                           Callback<std::vector<Message>> done) override {
    const Status checked = CheckReceive(request);
    if (!checked.ok()) return Fail(checked, std::move(options), std::move(done));
    if (!IsFifo(request.queue_url) || !request.receive_request_attempt_id.empty()) {
      return Receive(request, std::move(options), std::move(done));
    }
    request.receive_request_attempt_id = NewUuid(rng_);
    const SteadyTime began = clock_.SteadyNow();
    Receive(request, options,
            [this, request, options, began,
             done = std::move(done)](StatusOr<std::vector<Message>> messages) mutable {
              if (!RefusesRepeat(messages.status())) return done(std::move(messages));
              request.receive_request_attempt_id = NewUuid(rng_);
              if (options.timeout) *options.timeout -= clock_.SteadyNow() - began;
              Receive(request, std::move(options), std::move(done));
            });
  }

  void DeleteMessageAsync(std::string queue_url, std::string receipt_handle, CallOptions options,
                          DoneCallback done) override {
    Status checked = CheckReceipt(kDeleteMessage.operation, queue_url, receipt_handle);
    const json body = {{"QueueUrl", std::move(queue_url)},
                       {"ReceiptHandle", std::move(receipt_handle)}};
    Call(kDeleteMessage, std::move(checked), body, std::move(options), StatusOnly(std::move(done)));
  }

  void DeleteMessageBatchAsync(std::string queue_url, std::vector<std::string> receipt_handles,
                               CallOptions options, Callback<std::vector<Status>> done) override {
    Mistakes mistakes;
    mistakes.Required(queue_url, "QueueUrl");
    mistakes.Check(!receipt_handles.empty(), "Entries is required");
    std::vector<BatchRun::Entry> entries;
    for (std::string& handle : receipt_handles) {
      mistakes.Required(handle, "Entries[" + std::to_string(entries.size()) + "].ReceiptHandle");
      entries.push_back({.json = {{"ReceiptHandle", std::move(handle)}}});
    }
    const Status checked = mistakes.ToStatus(kDeleteMessageBatch.operation);
    if (!checked.ok()) return Fail(checked, std::move(options), std::move(done));
    std::make_shared<BatchRun>(*client_, kDeleteMessageBatch, std::move(queue_url),
                               std::move(entries), BatchRun::AfterFailure::kGoOn,
                               std::move(options),
                               [done = std::move(done)](const std::vector<EntryResult>& results) {
                                 std::vector<Status> deleted;
                                 for (const EntryResult& result : results) {
                                   deleted.push_back(result.status);
                                 }
                                 done(std::move(deleted));
                               })
        ->Start();
  }

  void ChangeMessageVisibilityAsync(std::string queue_url, std::string receipt_handle,
                                    std::chrono::seconds visibility_timeout, CallOptions options,
                                    DoneCallback done) override {
    Status checked = CheckReceipt(kChangeMessageVisibility.operation, queue_url, receipt_handle);
    if (checked.ok()) {
      Mistakes mistakes;
      mistakes.Range(static_cast<double>(visibility_timeout.count()), 0, 43200,
                     "VisibilityTimeout");
      checked = mistakes.ToStatus(kChangeMessageVisibility.operation);
    }
    const json body = {{"QueueUrl", std::move(queue_url)},
                       {"ReceiptHandle", std::move(receipt_handle)},
                       {"VisibilityTimeout", visibility_timeout.count()}};
    Call(kChangeMessageVisibility, std::move(checked), body, std::move(options),
         StatusOnly(std::move(done)));
  }

 private:
  static Callback<std::string> StatusOnly(DoneCallback done) {
    return [done = std::move(done)](const StatusOr<std::string>& answer) { done(answer.status()); };
  }
  template <typename T>
  void Fail(const Status& status, CallOptions options, Callback<T> done) {
    client_->FailAsync(
        status, std::move(options),
        [done = std::move(done)](const StatusOr<std::string>& end) { done(end.status()); });
  }
  void Receive(const ReceiveRequest& request, CallOptions options,
               Callback<std::vector<Message>> done) {
    client_->CallAsync(kReceiveMessage, ReceiveBody(request), request.wait, std::move(options),
                       [done = std::move(done)](const StatusOr<std::string>& answer) {
                         done(answer.ok() ? ReadMessages(*answer) : answer.status());
                       });
  }
  // Texts that are not UTF-8 have replacements: ids and URLs that SQS does not know then.
  void Call(const rpc::Method& method, const Status& checked, const json& body, CallOptions options,
            Callback<std::string> done) {
    if (!checked.ok()) return Fail(checked, std::move(options), std::move(done));
    client_->CallAsync(method, body.dump(-1, ' ', false, json::error_handler_t::replace),
                       std::move(options), std::move(done));
  }

  const std::unique_ptr<ServiceClient> client_;
  Rng& rng_;
  Clock& clock_;
};

}  // namespace

StatusOr<std::unique_ptr<Sqs>> MakeSqs(AwsOptions options) {
  if (options.max_response_bytes == 0) options.max_response_bytes = kMaxAnswer;
  Rng& rng = options.rng != nullptr ? *options.rng : SystemRng();
  Clock& clock = options.clock != nullptr ? *options.clock : SystemClock();
  auto client = ServiceClient::Make(std::move(options), kSqs);
  if (!client.ok()) return client.status();
  return std::unique_ptr<Sqs>(std::make_unique<SqsClient>(*std::move(client), rng, clock));
}

}  // namespace gsh::aws
