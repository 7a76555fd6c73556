// Queues, and which operation is which.
#include "src/testing/sandbox/aws/sqs.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "src/testing/sandbox/aws/service_error.h"
#include "src/testing/sandbox/aws/sqs_input.h"

namespace gsh::testing::aws {
namespace {

struct Attribute {
  const char* standard;  // its value at first
  std::int64_t least;
  std::int64_t most;
};

// Those that can be set and are numbers.
const std::map<std::string, Attribute>& Numbers() {
  static const std::map<std::string, Attribute> kNumbers = {
      {"DelaySeconds", {"0", 0, 900}},
      {"MaximumMessageSize", {"1048576", 1024, 1048576}},
      {"MessageRetentionPeriod", {"345600", 60, 1209600}},
      {"ReceiveMessageWaitTimeSeconds", {"0", 0, 20}},
      {"VisibilityTimeout", {"30", 0, 43200}}};
  return kNumbers;
}

bool IsBool(const std::string& text) { return text == "true" || text == "false"; }

Status CheckAttribute(const std::string& name, const Json& value) {
  const Status bad =
      ServiceError("InvalidAttributeValue", "Invalid value for the parameter " + name + ".");
  if (!value.is_string()) return bad;
  const auto& text = value.get_ref<const std::string&>();
  if (name == "FifoQueue" || name == "ContentBasedDeduplication" ||
      name == "SqsManagedSseEnabled") {
    return IsBool(text) ? OkStatus() : bad;
  }
  if (name == "Policy" || name == "RedrivePolicy" || name == "RedriveAllowPolicy" ||
      name == "DeduplicationScope" || name == "FifoThroughputLimit" || name == "KmsMasterKeyId") {
    return OkStatus();  // kept, without effect
  }
  const auto known = Numbers().find(name);
  if (known == Numbers().end()) {
    return ServiceError("InvalidAttributeName", "Unknown Attribute " + name + ".");
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool fine = error == std::errc() && end == text.data() + text.size() &&
                    number >= known->second.least && number <= known->second.most;
  return fine ? OkStatus() : bad;
}

bool IsQueueName(std::string_view name) {
  if (name.size() > 80) return false;
  if (name.ends_with(".fifo")) name.remove_suffix(5);
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

std::string Seconds(WallTime time) {
  return std::to_string(std::chrono::system_clock::to_time_t(time));
}

}  // namespace

const char* SqsLegacyName(const std::string& name) {
  static const std::map<std::string, const char*> kNames = {
      {"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"},
      {"QueueNameExists", "QueueAlreadyExists"},
      {"ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid"},
      {"MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight"},
      {"EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest"},
      {"TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"},
      {"BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct"},
      {"BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong"},
      {"InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId"},
      {"InvalidMessageContents", "InvalidMessageContents"},
      {"InvalidAttributeName", "InvalidAttributeName"},
      {"InvalidAttributeValue", "InvalidAttributeValue"},
      {"InvalidParameterValue", "InvalidParameterValue"},
      {"MissingParameter", "MissingParameter"}};
  const auto found = kNames.find(name);
  return found == kNames.end() ? nullptr : found->second;
}

void Sqs::CallAsync(const std::string& operation, const Json& input, Done done) {
  static const std::map<std::string, Operation> kOperations = {
      {"ChangeMessageVisibility", &Sqs::ChangeVisibility},
      {"ChangeMessageVisibilityBatch", &Sqs::ChangeVisibilityBatch},
      {"CreateQueue", &Sqs::CreateQueue},
      {"DeleteMessage", &Sqs::Delete},
      {"DeleteMessageBatch", &Sqs::DeleteBatch},
      {"DeleteQueue", &Sqs::DeleteQueue},
      {"GetQueueAttributes", &Sqs::GetAttributes},
      {"GetQueueUrl", &Sqs::GetQueueUrl},
      {"ListQueues", &Sqs::ListQueues},
      {"PurgeQueue", &Sqs::PurgeQueue},
      {"SendMessage", &Sqs::Send},
      {"SendMessageBatch", &Sqs::SendBatch},
      {"SetQueueAttributes", &Sqs::SetAttributes}};
  if (Status status = CheckSqsTypes(input); !status.ok()) return done(std::move(status));
  if (operation == "ReceiveMessage") return Receive(input, std::move(done));
  const auto found = kOperations.find(operation);
  if (found == kOperations.end()) {
    return done(ServiceError("UnknownOperationException", "No such operation: " + operation));
  }
  std::vector<std::function<void()>> served;
  std::vector<Done> orphans;
  std::optional<StatusOr<Json>> result;
  {
    std::lock_guard lock(mutex_);
    result.emplace((this->*found->second)(input));
    if (SqsQueue* queue = Find(input)) served = ServeWaiters(*queue);
    orphans.swap(orphans_);
  }
  done(*std::move(result));
  for (const Done& orphan : orphans) orphan(Json::object());
  for (const auto& serve : served) serve();
}

SqsQueue* Sqs::Find(const Json& input) {
  const std::string url = TextAt(input, "QueueUrl");
  const auto found = queues_.find(url.substr(url.rfind('/') + 1));
  return found == queues_.end() ? nullptr : &found->second;
}

std::string Sqs::UrlOf(const std::string& name) const {
  return base_url_ + "/" + options_.account_id + "/" + name;
}

StatusOr<Json> Sqs::CreateQueue(const Json& input) {
  const std::string name = TextAt(input, "QueueName");
  if (!IsQueueName(name)) {
    return ServiceError("InvalidParameterValue",
                        "Can only include alphanumeric characters, hyphens, or underscores. 1 to "
                        "80 in length");
  }
  const Json given = input.value("Attributes", Json::object());
  for (const auto& [attribute, value] : given.items()) {
    if (Status status = CheckAttribute(attribute, value); !status.ok()) return status;
  }
  const bool fifo = given.value("FifoQueue", "false") == "true";
  if (fifo != name.ends_with(".fifo")) {
    return ServiceError("InvalidParameterValue",
                        "The name of a FIFO queue can only include alphanumeric characters, "
                        "hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in "
                        "length.");
  }
  SqsQueue queue{.name = name, .fifo = fifo, .created = options_.clock->Now()};
  for (const auto& [attribute, row] : Numbers()) queue.attributes[attribute] = row.standard;
  if (fifo) queue.attributes["ContentBasedDeduplication"] = "false";
  for (const auto& [attribute, value] : given.items()) {
    queue.attributes[attribute] = value.get<std::string>();
  }
  const auto known = queues_.find(name);
  if (known != queues_.end() && known->second.attributes != queue.attributes) {
    return ServiceError("QueueNameExists",
                        "A queue already exists with the same name and a different value for an "
                        "attribute");
  }
  queues_.try_emplace(name, std::move(queue));
  return Json{{"QueueUrl", UrlOf(name)}};
}

StatusOr<Json> Sqs::DeleteQueue(const Json& input) {
  SqsQueue* queue = Find(input);
  if (queue == nullptr) return NoQueue();
  if (queue->timer) options_.clock->Cancel(*queue->timer);
  for (SqsWaiter& waiter : queue->waiters) orphans_.push_back(std::move(waiter.done));
  queues_.erase(std::string(queue->name));
  return Json::object();
}

StatusOr<Json> Sqs::ListQueues(const Json& input) {
  const std::string prefix = TextAt(input, "QueueNamePrefix");
  Json urls = Json::array();
  for (const auto& [name, queue] : queues_) {
    if (name.starts_with(prefix)) urls.push_back(UrlOf(name));
  }
  return Json{{"QueueUrls", urls}};
}

StatusOr<Json> Sqs::GetQueueUrl(const Json& input) {
  const std::string name = TextAt(input, "QueueName");
  if (!queues_.contains(name)) return NoQueue();
  return Json{{"QueueUrl", UrlOf(name)}};
}

StatusOr<Json> Sqs::GetAttributes(const Json& input) {
  SqsQueue* queue = Find(input);
  if (queue == nullptr) return NoQueue();
  std::map<std::string, std::string> all = queue->attributes;
  int visible = 0, in_flight = 0, delayed = 0;
  for (const SqsMessage& message : queue->messages) {
    const bool hidden = message.visible_at > Now();
    ++(!hidden ? visible : message.receipt.empty() ? delayed : in_flight);
  }
  all["ApproximateNumberOfMessages"] = std::to_string(visible);
  all["ApproximateNumberOfMessagesNotVisible"] = std::to_string(in_flight);
  all["ApproximateNumberOfMessagesDelayed"] = std::to_string(delayed);
  all["CreatedTimestamp"] = Seconds(queue->created);
  all["LastModifiedTimestamp"] = Seconds(queue->created);
  all["QueueArn"] =
      "arn:aws:sqs:" + options_.region + ":" + options_.account_id + ":" + queue->name;
  Json wanted = Json::object();
  for (const Json& name : input.value("AttributeNames", Json::array())) {
    if (name == "All") {
      wanted = all;
    } else if (const auto found = all.find(name.is_string() ? name.get<std::string>() : "");
               found != all.end()) {
      wanted[found->first] = found->second;
    } else {
      return ServiceError("InvalidAttributeName", "Unknown Attribute " + name.dump() + ".");
    }
  }
  return Json{{"Attributes", wanted}};
}

StatusOr<Json> Sqs::SetAttributes(const Json& input) {
  SqsQueue* queue = Find(input);
  if (queue == nullptr) return NoQueue();
  const Json given = input.value("Attributes", Json::object());
  for (const auto& [name, value] : given.items()) {
    if (Status status = CheckAttribute(name, value); !status.ok()) return status;
  }
  for (const auto& [name, value] : given.items()) {
    queue->attributes[name] = value.get<std::string>();
  }
  return Json::object();
}

StatusOr<Json> Sqs::PurgeQueue(const Json& input) {
  SqsQueue* queue = Find(input);
  if (queue == nullptr) return NoQueue();
  queue->messages.clear();
  return Json::object();
}

void Sqs::Close() {
  std::vector<Done> waiting;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    for (auto& [name, queue] : queues_) {
      if (queue.timer) options_.clock->Cancel(*queue.timer);
      for (SqsWaiter& waiter : queue.waiters) waiting.push_back(std::move(waiter.done));
      queue.waiters.clear();
    }
  }
  for (const Done& done : waiting) done(Json::object());
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [this] { return answering_ == 0; });
}

}  // namespace gsh::testing::aws
