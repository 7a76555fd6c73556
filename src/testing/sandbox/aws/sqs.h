// Sqs: queues, standard and FIFO, as Amazon SQS keeps them (API 2012-11-05, its JSON protocol).
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_SQS_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_SQS_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/clock.h"
#include "gsh/rng.h"
#include "gsh/status.h"

namespace gsh::testing::aws {

using Json = nlohmann::json;

// What receipt handles begin with.
inline constexpr std::string_view kSqsReceipt = "sandbox-receipt-";

// The error's name in the query protocol, which clients still go by; null for other errors.
const char* SqsLegacyName(const std::string& name);

struct SqsOptions {
  std::string region = {};
  std::string account_id = {};
  Clock* clock = nullptr;
  Rng* rng = nullptr;
};

struct SqsMessage {
  std::string id = {};
  std::string body = {};
  std::string body_md5 = {};
  Json attributes = {};             // MessageAttributes; null: none
  std::string attributes_md5 = {};  // empty: none
  std::string group = {};
  std::string deduplication_id = {};
  std::string sequence = {};  // of FIFO queues
  WallTime sent = {};
  SteadyTime visible_at = {};
  std::string receipt = {};  // of the last receive; empty: never received
  std::optional<WallTime> first_received = {};
  int receives = 0;

  bool InFlight(SteadyTime now) const { return !receipt.empty() && visible_at > now; }
};

// How long FIFO queues remember what was sent, and what was received.
inline constexpr std::chrono::minutes kSqsDeduplication{5};

// A receive that waits for messages.
struct SqsWaiter {
  Json input = {};
  SteadyTime deadline = {};
  std::function<void(StatusOr<Json>)> done = {};
};

struct SqsQueue {
  // What a FIFO queue remembers of a message for five minutes.
  struct Sent {
    std::string id, sequence;
    SteadyTime until;
  };

  // What a FIFO queue gave, for as long: who asks again with the same id gets the same.
  struct Attempt {
    std::vector<std::string> receipts = {};
    Json answer = {};
    SteadyTime hidden_until = {};
    SteadyTime until = {};
  };

  std::string name = {};
  bool fifo = false;
  std::map<std::string, std::string> attributes = {};
  WallTime created = {};
  std::list<SqsMessage> messages = {};  // in order
  std::map<std::string, Sent> deduplication = {};
  std::map<std::string, Attempt> attempts = {};  // by ReceiveRequestAttemptId
  std::list<SqsWaiter> waiters = {};
  std::optional<Clock::TimerId> timer = {};  // for the waiters

  std::int64_t Number(const char* attribute) const { return std::stoll(attributes.at(attribute)); }
};

// May be used from several threads.
class Sqs : public std::enable_shared_from_this<Sqs> {
 public:
  using Done = std::function<void(StatusOr<Json>)>;

  explicit Sqs(SqsOptions options) : options_(std::move(options)) {}

  // Of the queues' URLs: "http://127.0.0.1:4566".
  void set_base_url(std::string url) {
    std::lock_guard lock(mutex_);
    base_url_ = std::move(url);
  }
  // `done` runs at once, but for a receive that waits.
  void CallAsync(const std::string& operation, const Json& input, Done done);
  // Those that wait get nothing, now and later. Returns when nobody is being answered.
  void Close();

 private:
  using Operation = StatusOr<Json> (Sqs::*)(const Json& input);

  StatusOr<Json> CreateQueue(const Json& input);
  StatusOr<Json> DeleteQueue(const Json& input);
  StatusOr<Json> ListQueues(const Json& input);
  StatusOr<Json> GetQueueUrl(const Json& input);
  StatusOr<Json> GetAttributes(const Json& input);
  StatusOr<Json> SetAttributes(const Json& input);
  StatusOr<Json> PurgeQueue(const Json& input);
  StatusOr<Json> Send(const Json& input);
  StatusOr<Json> SendBatch(const Json& input);
  StatusOr<Json> Delete(const Json& input);
  StatusOr<Json> DeleteBatch(const Json& input);
  StatusOr<Json> ChangeVisibility(const Json& input);
  StatusOr<Json> ChangeVisibilityBatch(const Json& input);

  void Receive(const Json& input, Done done);
  StatusOr<Json> TryReceive(SqsQueue& queue, const Json& input);
  Json GiveMessages(SqsQueue& queue, const Json& input, std::size_t most,
                    std::chrono::seconds hidden);
  // What was given to the same attempt before; empty: nothing.
  std::optional<StatusOr<Json>> GiveAgain(SqsQueue& queue, const std::string& attempt,
                                          std::chrono::seconds hidden);
  SqsMessage NewMessage(const SqsQueue& queue, const Json& entry);
  StatusOr<Json> Enqueue(SqsQueue& queue, SqsMessage message);
  // What the FIFO queue knows of the message, or of the one that it repeats.
  const SqsQueue::Sent& Remember(SqsQueue& queue, const SqsMessage& message);
  StatusOr<Json> ForEachEntry(const Json& input, StatusOr<Json> (Sqs::*one)(const Json&));
  Json ReceivedJson(const SqsQueue& queue, const SqsMessage& message, const Json& input) const;
  SqsMessage* FindReceipt(SqsQueue& queue, const std::string& receipt);

  // The queue that the input's QueueUrl names; null if there is none.
  SqsQueue* Find(const Json& input);
  std::string UrlOf(const std::string& name) const;
  SteadyTime Now() const { return options_.clock->SteadyNow(); }
  // Serves those who wait, as far as there is something, and sets the timer for the others. What
  // came of it is to be run without the lock.
  std::vector<std::function<void()>> ServeWaiters(SqsQueue& queue);
  void OnTimer(const std::string& name);

  const SqsOptions options_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::string base_url_;
  bool closed_ = false;
  std::map<std::string, SqsQueue> queues_;
  std::vector<Done> orphans_;  // of those who waited at a queue that has just been deleted
  int answering_ = 0;          // timers that have not yet run all that they served
  std::condition_variable answered_;
  std::uint64_t sequence_ = 0;
  std::uint64_t receipts_ = 0;
};

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_SQS_H_
