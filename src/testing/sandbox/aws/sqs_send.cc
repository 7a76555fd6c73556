// Sending.
#include <cstdio>
#include <utility>

#include "src/aws/client/xml_text.h"
#include "src/testing/sandbox/aws/service_error.h"
#include "src/testing/sandbox/aws/sqs.h"
#include "src/testing/sandbox/aws/sqs_digests.h"
#include "src/testing/sandbox/aws/sqs_input.h"

namespace gsh::testing::aws {
namespace {

Status CheckContents(const SqsQueue& queue, const Json& entry) {
  const std::string body = TextAt(entry, "MessageBody");
  if (body.empty()) return MissingParameter("MessageBody");
  if (!gsh::aws::IsXmlText(body)) {
    return ServiceError("InvalidMessageContents", "Invalid characters in the message");
  }
  const std::int64_t most = queue.Number("MaximumMessageSize");
  if (SizeOfMessage(entry) > static_cast<std::size_t>(most)) {
    return BadValue("MessageBody",
                    "Message must be shorter than " + std::to_string(most) + " bytes");
  }
  const auto attributes = entry.find("MessageAttributes");
  return attributes == entry.end() ? OkStatus() : CheckMessageAttributes(*attributes);
}

// What only one type of queue has.
Status CheckType(const SqsQueue& queue, const Json& entry) {
  const bool has_id = !TextAt(entry, "MessageDeduplicationId").empty();
  if (!queue.fifo) return has_id ? NotOfThisType("MessageDeduplicationId") : OkStatus();
  if (TextAt(entry, "MessageGroupId").empty()) return MissingParameter("MessageGroupId");
  if (!has_id && queue.attributes.at("ContentBasedDeduplication") != "true") {
    return ServiceError("InvalidParameterValue",
                        "The queue should either have ContentBasedDeduplication enabled or "
                        "MessageDeduplicationId provided explicitly");
  }
  return entry.contains("DelaySeconds") ? NotOfThisType("DelaySeconds") : OkStatus();
}

}  // namespace

StatusOr<Json> Sqs::Send(const Json& input) {
  SqsQueue* queue = Find(input);
  if (queue == nullptr) return NoQueue();
  if (Status status = CheckContents(*queue, input); !status.ok()) return status;
  if (Status status = CheckType(*queue, input); !status.ok()) return status;
  const auto delay = NumberAt(input, "DelaySeconds", queue->Number("DelaySeconds"), 0, 900);
  if (!delay) return BadValue("DelaySeconds", "DelaySeconds must be >= 0 and <= 900");
  SqsMessage message = NewMessage(*queue, input);
  message.visible_at = Now() + std::chrono::seconds(*delay);
  return Enqueue(*queue, std::move(message));
}

// Of an entry that has been checked.
SqsMessage Sqs::NewMessage(const SqsQueue& queue, const Json& entry) {
  SqsMessage message{.id = NewUuid(*options_.rng),
                     .body = TextAt(entry, "MessageBody"),
                     .group = TextAt(entry, "MessageGroupId"),
                     .deduplication_id = TextAt(entry, "MessageDeduplicationId"),
                     .sent = options_.clock->Now()};
  message.body_md5 = Md5Hex(message.body);
  if (queue.fifo && message.deduplication_id.empty()) {
    message.deduplication_id = Sha256Hex(message.body);
  }
  const auto attributes = entry.find("MessageAttributes");
  if (attributes != entry.end() && !attributes->empty()) {
    message.attributes = *attributes;
    message.attributes_md5 = *AttributesMd5(*attributes);
  }
  return message;
}

StatusOr<Json> Sqs::Enqueue(SqsQueue& queue, SqsMessage message) {
  Json answer = {{"MD5OfMessageBody", message.body_md5}, {"MessageId", message.id}};
  if (!message.attributes_md5.empty()) answer["MD5OfMessageAttributes"] = message.attributes_md5;
  if (queue.fifo) {
    const SqsQueue::Sent& sent = Remember(queue, message);
    const bool again = sent.id != message.id;
    answer["MessageId"] = sent.id;
    answer["SequenceNumber"] = sent.sequence;
    if (again) return answer;  // taken, and dropped
    message.sequence = sent.sequence;
  }
  queue.messages.push_back(std::move(message));
  return answer;
}

const SqsQueue::Sent& Sqs::Remember(SqsQueue& queue, const SqsMessage& message) {
  const SteadyTime now = Now();
  std::erase_if(queue.deduplication, [now](const auto& sent) { return sent.second.until <= now; });
  auto [known, is_new] = queue.deduplication.try_emplace(message.deduplication_id);
  if (!is_new) return known->second;
  char number[32];
  std::snprintf(number, sizeof number, "%020llu", static_cast<unsigned long long>(++sequence_));
  known->second = {.id = message.id, .sequence = number, .until = now + kSqsDeduplication};
  return known->second;
}

}  // namespace gsh::testing::aws
