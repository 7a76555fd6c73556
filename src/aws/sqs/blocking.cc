// SQS's blocking calls, over its asynchronous ones.
#include <utility>

#include "gsh/aws/sqs.h"
#include "src/core/await.h"

namespace gsh::aws {

StatusOr<std::string> Sqs::GetQueueUrl(std::string queue_name, std::string owner,
                                       CallOptions options) {
  return internal::Await<StatusOr<std::string>>(std::move(options), [&](CallOptions inner,
                                                                        auto done) {
    GetQueueUrlAsync(std::move(queue_name), std::move(owner), std::move(inner), std::move(done));
  });
}

StatusOr<Sqs::Attributes> Sqs::GetQueueAttributes(std::string queue_url,
                                                  std::vector<std::string> names,
                                                  CallOptions options) {
  return internal::Await<StatusOr<Sqs::Attributes>>(
      std::move(options), [&](CallOptions inner, auto done) {
        GetQueueAttributesAsync(std::move(queue_url), std::move(names), std::move(inner),
                                std::move(done));
      });
}

StatusOr<sqs::SentMessage> Sqs::SendMessage(std::string queue_url, sqs::OutgoingMessage message,
                                            CallOptions options) {
  return internal::Await<StatusOr<sqs::SentMessage>>(std::move(options), [&](CallOptions inner,
                                                                             auto done) {
    SendMessageAsync(std::move(queue_url), std::move(message), std::move(inner), std::move(done));
  });
}

StatusOr<Sqs::SentMessages> Sqs::SendMessageBatch(std::string queue_url,
                                                  std::vector<sqs::OutgoingMessage> messages,
                                                  CallOptions options) {
  return internal::Await<StatusOr<Sqs::SentMessages>>(
      std::move(options), [&](CallOptions inner, auto done) {
        SendMessageBatchAsync(std::move(queue_url), std::move(messages), std::move(inner),
                              std::move(done));
      });
}

StatusOr<std::vector<sqs::Message>> Sqs::ReceiveMessage(sqs::ReceiveRequest request,
                                                        CallOptions options) {
  return internal::Await<StatusOr<std::vector<sqs::Message>>>(
      std::move(options), [&](CallOptions inner, auto done) {
        ReceiveMessageAsync(std::move(request), std::move(inner), std::move(done));
      });
}

Status Sqs::DeleteMessage(std::string queue_url, std::string receipt_handle, CallOptions options) {
  return internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    DeleteMessageAsync(std::move(queue_url), std::move(receipt_handle), std::move(inner),
                       std::move(done));
  });
}

StatusOr<std::vector<Status>> Sqs::DeleteMessageBatch(std::string queue_url,
                                                      std::vector<std::string> receipt_handles,
                                                      CallOptions options) {
  return internal::Await<StatusOr<std::vector<Status>>>(
      std::move(options), [&](CallOptions inner, auto done) {
        DeleteMessageBatchAsync(std::move(queue_url), std::move(receipt_handles), std::move(inner),
                                std::move(done));
      });
}

Status Sqs::ChangeMessageVisibility(std::string queue_url, std::string receipt_handle,
                                    std::chrono::seconds visibility_timeout, CallOptions options) {
  return internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    ChangeMessageVisibilityAsync(std::move(queue_url), std::move(receipt_handle),
                                 visibility_timeout, std::move(inner), std::move(done));
  });
}

}  // namespace gsh::aws
