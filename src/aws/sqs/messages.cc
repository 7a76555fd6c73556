#include "src/aws/sqs/messages.h"

#include <algorithm>
#include <utility>

#include "src/aws/client/error_names.h"
#include "src/aws/client/service_error.h"
#include "src/aws/client/xml_text.h"
#include "src/aws/sqs/digest.h"
#include "src/core/bounded_json.h"
#include "src/rpc/common/base64.h"
#include "src/rpc/common/utf8.h"

namespace gsh::aws::sqs {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxAttributes = 10;
constexpr double kMaxVisibility = 43200;

bool IsMessageText(std::string_view text) { return rpc::IsUtf8(text) && IsXmlText(text); }

Status Bad(const std::string& what) { return InternalError("the service's answer: " + what); }

// Empty if it is not there, or no text.
std::string Text(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

Status CheckDigest(const json& object, const char* member, const std::string& expected) {
  const std::string digest = Text(object, member);
  if (digest.empty() || expected.empty() || digest == expected) return OkStatus();
  return Status(StatusCode::kDataLoss, std::string(member) + " is not the message's");
}

void CheckAttribute(const std::string& name, const MessageAttribute& attribute,
                    const std::string& where, Mistakes& mistakes) {
  const bool plain_name =
      !name.empty() && name.size() <= 256 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.';
      });
  mistakes.Check(plain_name, where +
                                 "MessageAttributes has a name that is not 1 to 256 of "
                                 "letters, digits, '_', '-' and '.'");
  const std::string& type = attribute.data_type;
  const std::string kind = type.substr(0, type.find('.'));
  mistakes.Check((kind == "String" || kind == "Number" || kind == "Binary") && type.size() <= 256,
                 where + "MessageAttributes: DataType must be String, Number or Binary");
  mistakes.Check(
      !attribute.value.empty() && (IsBinary(attribute) || IsMessageText(attribute.value)),
      where + "MessageAttributes has a value that is empty or no text");
}

void CheckId(const std::string& id, const std::string& name, Mistakes& mistakes) {
  mistakes.Length(id, 0, 128, name);
  mistakes.Check(std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~'; }),
                 name + " must be printable ASCII without blanks");
}

json ToJson(const MessageAttributes& attributes) {
  json object = json::object();
  for (const auto& [name, attribute] : attributes) {
    const bool binary = IsBinary(attribute);
    object[name] = {{"DataType", attribute.data_type},
                    {binary ? "BinaryValue" : "StringValue",
                     binary ? rpc::Base64Encode(attribute.value) : attribute.value}};
  }
  return object;
}

StatusOr<MessageAttributes> ReadAttributes(const json& message) {
  MessageAttributes attributes;
  const auto found = message.find("MessageAttributes");
  if (found == message.end() || found->is_null()) return attributes;
  if (!found->is_object()) return Bad("MessageAttributes is no object");
  for (const auto& [name, value] : found->items()) {
    if (!value.is_object()) return Bad("a message attribute is no object");
    MessageAttribute attribute{.data_type = Text(value, "DataType")};
    if (IsBinary(attribute)) {
      auto bytes = rpc::Base64Decode(Text(value, "BinaryValue"));
      if (!bytes) return Bad("a BinaryValue is not base64");
      attribute.value = *std::move(bytes);
    } else {
      attribute.value = Text(value, "StringValue");
    }
    attributes.emplace(name, std::move(attribute));
  }
  return attributes;
}

StatusOr<Message> ReadMessage(const json& object) {
  if (!object.is_object()) return Bad("a message is no object");
  Message message{.message_id = Text(object, "MessageId"),
                  .receipt_handle = Text(object, "ReceiptHandle"),
                  .body = Text(object, "Body")};
  auto attributes = ReadAttributes(object);
  if (!attributes.ok()) return attributes.status();
  message.attributes = *std::move(attributes);
  if (const auto found = object.find("Attributes"); found != object.end() && found->is_object()) {
    for (const auto& [name, value] : found->items()) {
      if (value.is_string()) message.system_attributes[name] = value.get<std::string>();
    }
  }
  Status status = CheckDigest(object, "MD5OfBody", Md5(message.body));
  if (status.ok() && !message.attributes.empty()) {
    status = CheckDigest(object, "MD5OfMessageAttributes", Md5OfAttributes(message.attributes));
  }
  if (!status.ok()) return status;
  return message;
}

Status ErrorOfEntry(const json& entry) {
  ErrorInfo info;
  info.name = CleanErrorName(Text(entry, "Code"));
  const auto fault = entry.find("SenderFault");
  const bool ours = fault != entry.end() && fault->is_boolean() && fault->get<bool>();
  const StatusCode code = CodeOfErrorName(info.name).value_or(ours ? StatusCode::kInvalidArgument
                                                                   : StatusCode::kInternal);
  const std::string message = CleanErrorMessage(Text(entry, "Message"));
  std::string text = info.name;
  if (!message.empty()) text += (text.empty() ? "" : ": ") + message;
  return Status(code, std::move(text), std::move(info));
}

// The entry's number; empty if the answer is about none of ours.
std::optional<std::size_t> NumberOf(const json& entry, std::size_t entries) {
  if (!entry.is_object()) return std::nullopt;
  const std::string id = Text(entry, "Id");
  for (std::size_t i = 0; i < entries; ++i) {
    if (id == std::to_string(i)) return i;
  }
  return std::nullopt;
}

}  // namespace

bool IsFifo(std::string_view queue_url) { return queue_url.ends_with(".fifo"); }

std::size_t SizeOf(const OutgoingMessage& message) {
  std::size_t size = message.body.size();
  for (const auto& [name, attribute] : message.attributes) {
    size += name.size() + attribute.data_type.size() + attribute.value.size();
  }
  return size;
}

void CheckMessage(std::string_view queue_url, const OutgoingMessage& message,
                  const std::string& where, Mistakes& mistakes) {
  mistakes.Required(message.body, where + "MessageBody");
  mistakes.Check(IsMessageText(message.body),
                 where + "MessageBody has bytes that are not UTF-8, or controls");
  mistakes.Check(SizeOf(message) <= kMaxBytes, where + "is larger than 1 MiB with its attributes");
  mistakes.Check(message.attributes.size() <= kMaxAttributes,
                 where + "MessageAttributes must have at most 10");
  for (const auto& [name, attribute] : message.attributes) {
    CheckAttribute(name, attribute, where, mistakes);
  }
  if (message.delay) {
    mistakes.Range(static_cast<double>(message.delay->count()), 0, 900, where + "DelaySeconds");
  }
  CheckId(message.group_id, where + "MessageGroupId", mistakes);
  CheckId(message.deduplication_id, where + "MessageDeduplicationId", mistakes);
  if (IsFifo(queue_url)) {
    mistakes.Required(message.group_id, where + "MessageGroupId");
    mistakes.Check(!message.delay, where + "DelaySeconds is not for FIFO queues");
  } else {
    mistakes.Check(message.deduplication_id.empty(),
                   where + "MessageDeduplicationId is for FIFO queues");
  }
}

Status CheckReceive(const ReceiveRequest& request) {
  Mistakes mistakes;
  mistakes.Required(request.queue_url, "QueueUrl");
  mistakes.Range(request.max_messages, 1, 10, "MaxNumberOfMessages");
  mistakes.Range(static_cast<double>(request.wait.count()), 0, 20, "WaitTimeSeconds");
  if (request.visibility_timeout) {
    mistakes.Range(static_cast<double>(request.visibility_timeout->count()), 0, kMaxVisibility,
                   "VisibilityTimeout");
  }
  CheckId(request.receive_request_attempt_id, "ReceiveRequestAttemptId", mistakes);
  return mistakes.ToStatus("ReceiveMessage");
}

json ToJson(const OutgoingMessage& message) {
  json object = {{"MessageBody", message.body}};
  if (message.delay) object["DelaySeconds"] = message.delay->count();
  if (!message.attributes.empty()) object["MessageAttributes"] = ToJson(message.attributes);
  if (!message.group_id.empty()) object["MessageGroupId"] = message.group_id;
  if (!message.deduplication_id.empty()) {
    object["MessageDeduplicationId"] = message.deduplication_id;
  }
  return object;
}

std::string ReceiveBody(const ReceiveRequest& request) {
  json object = {{"QueueUrl", request.queue_url},
                 {"MaxNumberOfMessages", request.max_messages},
                 {"WaitTimeSeconds", request.wait.count()}};
  if (request.visibility_timeout) object["VisibilityTimeout"] = request.visibility_timeout->count();
  if (!request.attribute_names.empty()) object["MessageAttributeNames"] = request.attribute_names;
  if (!request.system_attribute_names.empty()) {
    object["MessageSystemAttributeNames"] = request.system_attribute_names;
  }
  if (!request.receive_request_attempt_id.empty()) {
    object["ReceiveRequestAttemptId"] = request.receive_request_attempt_id;
  }
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

StatusOr<json> ParseAnswer(std::string_view body) {
  auto parsed = internal::ParseBoundedJson(body, kMaxAnswer, kMaxDepth);
  if (!parsed.ok()) return Bad(parsed.status().message());
  if (!parsed->is_object()) return Bad("no JSON object");
  return parsed;
}

StatusOr<SentMessage> ReadSent(const json& answer, const OutgoingMessage& message) {
  SentMessage sent{.message_id = Text(answer, "MessageId"),
                   .sequence_number = Text(answer, "SequenceNumber")};
  if (sent.message_id.empty()) return Bad("no MessageId");
  Status status = CheckDigest(answer, "MD5OfMessageBody", Md5(message.body));
  if (status.ok() && !message.attributes.empty()) {
    status = CheckDigest(answer, "MD5OfMessageAttributes", Md5OfAttributes(message.attributes));
  }
  if (!status.ok()) return status;
  return sent;
}

StatusOr<std::vector<Message>> ReadMessages(std::string_view body) {
  const auto answer = ParseAnswer(body);
  if (!answer.ok()) return answer.status();
  std::vector<Message> messages;
  const auto found = answer->find("Messages");
  if (found == answer->end() || found->is_null()) return messages;
  if (!found->is_array()) return Bad("Messages is no list");
  for (const json& object : *found) {
    auto message = ReadMessage(object);
    if (!message.ok()) return message.status();
    messages.push_back(*std::move(message));
  }
  return messages;
}

StatusOr<std::vector<EntryResult>> ReadBatch(std::string_view body, std::size_t entries) {
  const auto answer = ParseAnswer(body);
  if (!answer.ok()) return answer.status();
  std::vector<EntryResult> results(entries);
  std::vector<bool> told(entries);
  for (const char* part : {"Successful", "Failed"}) {
    const auto found = answer->find(part);
    if (found == answer->end() || !found->is_array()) continue;
    for (const json& entry : *found) {
      const auto number = NumberOf(entry, entries);
      if (!number || told[*number]) return Bad("an entry that was not in the batch");
      told[*number] = true;
      EntryResult& result = results[*number];
      result.answer = entry;
      if (std::string_view(part) == "Failed") result.status = ErrorOfEntry(entry);
    }
  }
  for (std::size_t i = 0; i < entries; ++i) {
    if (!told[i]) results[i].status = Bad("nothing about this entry");
  }
  return results;
}

}  // namespace gsh::aws::sqs
