// Messages that have been received: deleting, visibility; and batches of all kinds.
#include <algorithm>
#include <set>
#include <utility>

#include "src/testing/sandbox/aws/service_error.h"
#include "src/testing/sandbox/aws/sqs.h"
#include "src/testing/sandbox/aws/sqs_input.h"

namespace gsh::testing::aws {
namespace {

constexpr std::size_t kMostEntries = 10;
constexpr std::size_t kMostBytes = 1'048'576;  // of a batch

void WithoutNulls(Json& object) {
  for (auto member = object.begin(); member != object.end();) {
    member = member->is_null() ? object.erase(member) : std::next(member);
  }
}

}  // namespace

SqsMessage* Sqs::FindReceipt(SqsQueue& queue, const std::string& receipt) {
  const auto found = std::ranges::find(queue.messages, receipt, &SqsMessage::receipt);
  return found == queue.messages.end() ? nullptr : &*found;
}

StatusOr<Json> Sqs::Delete(const Json& input) {
  SqsQueue* queue = Find(input);
  if (queue == nullptr) return NoQueue();
  const std::string receipt = TextAt(input, "ReceiptHandle");
  if (!receipt.starts_with(kSqsReceipt)) {
    return ServiceError("ReceiptHandleIsInvalid", "The input receipt handle \"" + receipt +
                                                      "\" is not a valid receipt "
                                                      "handle.");
  }
  const SqsMessage* message = FindReceipt(*queue, receipt);
  if (message == nullptr) return Json::object();  // deleted before, or received again
  if (queue->fifo && !message->InFlight(Now())) {
    return BadValue("ReceiptHandle", "The receipt handle has expired");
  }
  std::erase_if(queue->messages, [&](const SqsMessage& m) { return m.receipt == receipt; });
  return Json::object();
}

StatusOr<Json> Sqs::ChangeVisibility(const Json& input) {
  SqsQueue* queue = Find(input);
  if (queue == nullptr) return NoQueue();
  const std::string receipt = TextAt(input, "ReceiptHandle");
  const auto seconds = NumberAt(input, "VisibilityTimeout", -1, 0, 43200);
  if (!seconds || *seconds < 0) {
    return BadValue("VisibilityTimeout", "Must be between 0 and 43200");
  }
  if (!receipt.starts_with(kSqsReceipt)) {
    return ServiceError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
  }
  SqsMessage* message = FindReceipt(*queue, receipt);
  if (message == nullptr || !message->InFlight(Now())) {
    return ServiceError("MessageNotInflight",
                        "The message referred to is not in flight: its visibility cannot change");
  }
  message->visible_at = Now() + std::chrono::seconds(*seconds);
  return Json::object();
}

StatusOr<Json> Sqs::ForEachEntry(const Json& input, StatusOr<Json> (Sqs::*one)(const Json&)) {
  if (Find(input) == nullptr) return NoQueue();
  const Json entries = input.value("Entries", Json::array());
  if (!entries.is_array() || entries.empty()) {
    return ServiceError("EmptyBatchRequest", "There should be at least one entry in the request.");
  }
  if (entries.size() > kMostEntries) {
    return ServiceError("TooManyEntriesInBatchRequest",
                        "Maximum number of entries per request are 10. You have sent " +
                            std::to_string(entries.size()) + ".");
  }
  std::set<std::string> ids;
  std::size_t bytes = 0;
  for (const Json& entry : entries) {
    if (!entry.is_object()) return ServiceError("SerializationException", "An entry is no object");
    bytes += SizeOfMessage(entry);
    if (!ids.insert(TextAt(entry, "Id")).second) {
      return ServiceError("BatchEntryIdsNotDistinct", "Two or more batch entries have one Id.");
    }
  }
  if (bytes > kMostBytes) {
    return ServiceError("BatchRequestTooLong",
                        "Batch requests cannot be longer than 1048576 bytes.");
  }
  Json answer = {{"Successful", Json::array()}, {"Failed", Json::array()}};
  for (Json entry : entries) {
    WithoutNulls(entry);
    entry["QueueUrl"] = input["QueueUrl"];
    StatusOr<Json> result = (this->*one)(entry);
    if (result.ok()) {
      (*result)["Id"] = entry["Id"];
      answer["Successful"].push_back(*result);
    } else {
      answer["Failed"].push_back({{"Id", entry["Id"]},
                                  {"SenderFault", true},
                                  {"Code", SqsLegacyName(NameOf(result.status()))},
                                  {"Message", result.status().message()}});
    }
  }
  return answer;
}

StatusOr<Json> Sqs::SendBatch(const Json& input) { return ForEachEntry(input, &Sqs::Send); }
StatusOr<Json> Sqs::DeleteBatch(const Json& input) { return ForEachEntry(input, &Sqs::Delete); }
StatusOr<Json> Sqs::ChangeVisibilityBatch(const Json& input) {
  return ForEachEntry(input, &Sqs::ChangeVisibility);
}

}  // namespace gsh::testing::aws
