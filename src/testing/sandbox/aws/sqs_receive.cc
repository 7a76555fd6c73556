// Receiving, and waiting for what comes.
#include <algorithm>
#include <set>
#include <utility>

#include "gsh/executor.h"
#include "src/testing/sandbox/aws/sqs.h"
#include "src/testing/sandbox/aws/sqs_digests.h"
#include "src/testing/sandbox/aws/sqs_input.h"

namespace gsh::testing::aws {
namespace {

bool Names(const Json& names, const std::string& name) {
  return std::ranges::any_of(names, [&](const Json& wanted) {
    if (!wanted.is_string()) return false;
    const auto& text = wanted.get_ref<const std::string&>();
    const bool prefix = text.ends_with(".*") && name.starts_with(text.substr(0, text.size() - 1));
    return text == "All" || text == name || prefix;
  });
}

// Empty: no time that may be waited.
std::optional<std::int64_t> WaitOf(const SqsQueue& queue, const Json& input) {
  return NumberAt(input, "WaitTimeSeconds", queue.Number("ReceiveMessageWaitTimeSeconds"), 0, 20);
}

std::string Millis(WallTime time) {
  using std::chrono::milliseconds;
  return std::to_string(std::chrono::floor<milliseconds>(time.time_since_epoch()).count());
}

}  // namespace

void Sqs::Receive(const Json& input, Done done) {
  std::optional<StatusOr<Json>> result;
  std::vector<std::function<void()>> served;
  {
    std::lock_guard lock(mutex_);
    SqsQueue* queue = Find(input);
    const auto wait = queue == nullptr ? std::nullopt : WaitOf(*queue, input);
    if (queue == nullptr) {
      result.emplace(NoQueue());
    } else if (!wait) {
      result.emplace(BadValue("WaitTimeSeconds", "Must be >= 0 and <= 20, if provided"));
    } else {
      result.emplace(TryReceive(*queue, input));
      if (*wait > 0 && !closed_ && result->ok() && (*result)->empty()) {
        result.reset();
        queue->waiters.push_back({.input = input,
                                  .deadline = Now() + std::chrono::seconds(*wait),
                                  .done = std::move(done)});
        served = ServeWaiters(*queue);  // sets the timer; others may be due
      }
    }
  }
  if (result) done(*std::move(result));
  for (const auto& serve : served) serve();
}

StatusOr<Json> Sqs::TryReceive(SqsQueue& queue, const Json& input) {
  const auto most = NumberAt(input, "MaxNumberOfMessages", 1, 1, 10);
  if (!most) return BadValue("MaxNumberOfMessages", "Must be between 1 and 10, if provided");
  const auto hidden =
      NumberAt(input, "VisibilityTimeout", queue.Number("VisibilityTimeout"), 0, 43200);
  if (!hidden) return BadValue("VisibilityTimeout", "Must be >= 0 and <= 43200, if provided");
  const std::string attempt = TextAt(input, "ReceiveRequestAttemptId");
  if (!attempt.empty() && !queue.fifo) return NotOfThisType("ReceiveRequestAttemptId");
  const std::chrono::seconds hidden_for(*hidden);
  if (auto again = GiveAgain(queue, attempt, hidden_for)) return *std::move(again);
  const Json messages = GiveMessages(queue, input, static_cast<std::size_t>(*most), hidden_for);
  if (messages.empty()) return Json::object();
  const Json answer = {{"Messages", messages}};
  if (!attempt.empty()) {
    SqsQueue::Attempt given{.answer = answer, .until = Now() + kSqsDeduplication};
    for (const Json& message : messages) given.receipts.push_back(message["ReceiptHandle"]);
    given.hidden_until = FindReceipt(queue, given.receipts.front())->visible_at;
    queue.attempts[attempt] = std::move(given);
  }
  return answer;
}

Json Sqs::GiveMessages(SqsQueue& queue, const Json& input, std::size_t most,
                       std::chrono::seconds hidden) {
  const SteadyTime now = Now();
  const WallTime wall = options_.clock->Now();
  const std::chrono::seconds kept(queue.Number("MessageRetentionPeriod"));
  std::erase_if(queue.messages, [&](const auto& message) { return wall - message.sent > kept; });
  std::set<std::string> blocked;  // groups of which a message is under way
  for (const SqsMessage& message : queue.messages) {
    if (queue.fifo && message.InFlight(now)) blocked.insert(message.group);
  }
  Json messages = Json::array();
  for (SqsMessage& message : queue.messages) {
    if (messages.size() == most) break;
    if (queue.fifo && blocked.contains(message.group)) continue;
    if (message.visible_at > now) {
      if (queue.fifo) blocked.insert(message.group);
      continue;
    }
    message.receipt = std::string(kSqsReceipt) + std::to_string(++receipts_);
    message.visible_at = now + hidden;
    ++message.receives;
    if (!message.first_received) message.first_received = wall;
    messages.push_back(ReceivedJson(queue, message, input));
  }
  return messages;
}

std::optional<StatusOr<Json>> Sqs::GiveAgain(SqsQueue& queue, const std::string& attempt,
                                             std::chrono::seconds hidden) {
  const SteadyTime now = Now();
  std::erase_if(queue.attempts, [now](const auto& given) { return given.second.until <= now; });
  const auto found = queue.attempts.find(attempt);
  if (found == queue.attempts.end()) return std::nullopt;
  SqsQueue::Attempt& given = found->second;
  std::vector<SqsMessage*> messages;
  for (const std::string& receipt : given.receipts) {
    SqsMessage* const message = FindReceipt(queue, receipt);
    // Deleted, received by others, or hidden for another time.
    if (message == nullptr || message->visible_at != given.hidden_until) {
      return BadValue("ReceiveRequestAttemptId",
                      "The receiveRequestAttemptId is not valid anymore since the receive call is "
                      "not retryable");
    }
    messages.push_back(message);
  }
  given.hidden_until = now + hidden;
  for (SqsMessage* message : messages) message->visible_at = given.hidden_until;
  return given.answer;
}

Json Sqs::ReceivedJson(const SqsQueue& queue, const SqsMessage& message, const Json& input) const {
  Json json = {{"MessageId", message.id},
               {"ReceiptHandle", message.receipt},
               {"MD5OfBody", message.body_md5},
               {"Body", message.body}};
  Json wanted = input.value("AttributeNames", Json::array());
  for (const Json& name : input.value("MessageSystemAttributeNames", Json::array())) {
    wanted.push_back(name);
  }
  std::map<std::string, std::string> system = {
      {"SenderId", options_.account_id},
      {"SentTimestamp", Millis(message.sent)},
      {"ApproximateReceiveCount", std::to_string(message.receives)},
      {"ApproximateFirstReceiveTimestamp", Millis(*message.first_received)}};
  if (!message.group.empty()) system["MessageGroupId"] = message.group;
  if (queue.fifo) {
    system["MessageDeduplicationId"] = message.deduplication_id;
    system["SequenceNumber"] = message.sequence;
  }
  for (const auto& [name, value] : system) {
    if (Names(wanted, name)) json["Attributes"][name] = value;
  }
  if (message.attributes.is_null()) return json;
  const Json names = input.value("MessageAttributeNames", Json::array());
  for (const auto& [name, value] : message.attributes.items()) {
    if (Names(names, name) || Names(names, name + ".*")) json["MessageAttributes"][name] = value;
  }
  if (json.contains("MessageAttributes")) {
    json["MD5OfMessageAttributes"] = *AttributesMd5(json["MessageAttributes"]);
  }
  return json;
}

std::vector<std::function<void()>> Sqs::ServeWaiters(SqsQueue& queue) {
  std::vector<std::function<void()>> served;
  if (queue.timer) options_.clock->Cancel(*queue.timer);
  queue.timer.reset();
  const SteadyTime now = Now();
  for (auto waiter = queue.waiters.begin(); waiter != queue.waiters.end();) {
    StatusOr<Json> result = TryReceive(queue, waiter->input);
    if (result.ok() && result->empty() && now < waiter->deadline) {
      ++waiter;
      continue;
    }
    served.push_back(
        [done = std::move(waiter->done), result = std::move(result)] { done(result); });
    waiter = queue.waiters.erase(waiter);
  }
  if (queue.waiters.empty()) return served;
  SteadyTime next = SteadyTime::max();
  for (const SqsWaiter& waiter : queue.waiters) next = std::min(next, waiter.deadline);
  for (const SqsMessage& message : queue.messages) {
    if (message.visible_at > now) next = std::min(next, message.visible_at);
  }
  // A clock may run the timer at once, on this thread, which has the lock.
  queue.timer = options_.clock->RunAt(next, [weak = weak_from_this(), name = queue.name] {
    DefaultExecutor()->Post([weak, name] {
      if (const auto self = weak.lock()) self->OnTimer(name);
    });
  });
  return served;
}

void Sqs::OnTimer(const std::string& name) {
  std::vector<std::function<void()>> served;
  {
    std::lock_guard lock(mutex_);
    const auto found = queues_.find(name);
    if (closed_ || found == queues_.end()) return;  // the clock may have gone with who closed
    ++answering_;
    served = ServeWaiters(found->second);
  }
  for (const auto& serve : served) serve();
  std::lock_guard lock(mutex_);
  --answering_;
  answered_.notify_all();
}

}  // namespace gsh::testing::aws
