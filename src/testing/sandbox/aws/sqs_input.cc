#include "src/testing/sandbox/aws/sqs_input.h"

#include <algorithm>
#include <map>

#include "src/testing/sandbox/aws/service_error.h"
#include "src/testing/sandbox/aws/sqs_digests.h"

namespace gsh::testing::aws {
namespace {

using Json = nlohmann::json;

bool IsText(const Json& value) { return value.is_null() || value.is_string(); }
bool IsNumber(const Json& value) { return value.is_null() || value.is_number_integer(); }
bool IsListOfTexts(const Json& value) {
  return value.is_null() || (value.is_array() && std::ranges::all_of(value, &Json::is_string));
}
bool IsMapOfTexts(const Json& value) {
  return value.is_null() || (value.is_object() && std::ranges::all_of(value, &Json::is_string));
}
bool IsMessageAttribute(const Json& value) {
  if (!value.is_object()) return false;
  return std::ranges::all_of(
      std::initializer_list<const char*>{"DataType", "StringValue", "BinaryValue"},
      [&](const char* name) { return !value.contains(name) || IsText(value[name]); });
}
bool IsMapOfAttributes(const Json& value) {
  return value.is_null() || (value.is_object() && std::ranges::all_of(value, IsMessageAttribute));
}
bool IsListOfEntries(const Json& value) {
  return value.is_null() || (value.is_array() && std::ranges::all_of(value, [](const Json& entry) {
                               return entry.is_object() && CheckSqsTypes(entry).ok();
                             }));
}

using IsType = bool (*)(const Json&);

const std::map<std::string, IsType>& Types() {
  static const std::map<std::string, IsType> kTypes = {
      {"AttributeNames", IsListOfTexts},
      {"Attributes", IsMapOfTexts},
      {"DelaySeconds", IsNumber},
      {"Entries", IsListOfEntries},
      {"Id", IsText},
      {"MaxNumberOfMessages", IsNumber},
      {"MessageAttributeNames", IsListOfTexts},
      {"MessageAttributes", IsMapOfAttributes},
      {"MessageBody", IsText},
      {"MessageDeduplicationId", IsText},
      {"MessageGroupId", IsText},
      {"MessageSystemAttributeNames", IsListOfTexts},
      {"QueueName", IsText},
      {"QueueNamePrefix", IsText},
      {"QueueUrl", IsText},
      {"ReceiptHandle", IsText},
      {"ReceiveRequestAttemptId", IsText},
      {"VisibilityTimeout", IsNumber},
      {"WaitTimeSeconds", IsNumber}};
  return kTypes;
}

}  // namespace

Status CheckSqsTypes(const Json& input) {
  for (const auto& [name, value] : input.items()) {
    const auto type = Types().find(name);
    if (type != Types().end() && !type->second(value)) {
      return ServiceError("SerializationException",
                          "A value of another type than " + name + " has");
    }
  }
  return OkStatus();
}

std::string TextAt(const Json& input, const char* name) {
  const auto found = input.find(name);
  return found != input.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> NumberAt(const Json& input, const char* name, std::int64_t otherwise,
                                     std::int64_t least, std::int64_t most) {
  const auto found = input.find(name);
  if (found == input.end() || found->is_null()) return otherwise;
  if (!found->is_number_integer()) return std::nullopt;
  const auto number = found->get<std::int64_t>();
  if (number < least || number > most) return std::nullopt;
  return number;
}

std::size_t SizeOfMessage(const Json& entry) {
  const auto decoded = [](const std::string& base64) {
    const auto padding = static_cast<std::size_t>(std::ranges::count(base64, '='));
    return base64.size() / 4 * 3 - std::min(padding, base64.size() / 4 * 3);
  };
  std::size_t size = TextAt(entry, "MessageBody").size();
  const auto attributes = entry.find("MessageAttributes");
  if (attributes == entry.end() || !attributes->is_object()) return size;
  for (const auto& [name, attribute] : attributes->items()) {
    size += name.size() + TextAt(attribute, "DataType").size() +
            TextAt(attribute, "StringValue").size() + decoded(TextAt(attribute, "BinaryValue"));
  }
  return size;
}

Status CheckMessageAttributes(const Json& attributes) {
  constexpr std::size_t kMost = 10;
  if (attributes.size() > kMost) {
    return BadValue("MessageAttributes", "Number of message attributes [" +
                                             std::to_string(attributes.size()) +
                                             "] exceeds the allowed maximum [10]");
  }
  if (!AttributesMd5(attributes)) {
    return BadValue("MessageAttributes", "A message attribute has no valid type or no value");
  }
  return OkStatus();
}

Status NoQueue() {
  return ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
}

Status MissingParameter(const std::string& name) {
  return ServiceError("MissingParameter", "The request must contain the parameter " + name + ".");
}

Status BadValue(const std::string& name, const std::string& why) {
  return ServiceError("InvalidParameterValue",
                      "Value for parameter " + name + " is invalid. Reason: " + why + ".");
}

Status NotOfThisType(const std::string& name) {
  return BadValue(name, "The request include parameter that is not valid for this queue type");
}

}  // namespace gsh::testing::aws
