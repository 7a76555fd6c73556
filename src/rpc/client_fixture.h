// A client, a server that answers as scripted, and a clock that stands still: for tests of calls.
#ifndef GSH_SRC_RPC_CLIENT_FIXTURE_H_
#define GSH_SRC_RPC_CLIENT_FIXTURE_H_

#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/matchers.h"
#include "src/rpc/client.h"
#include "src/rpc/scripted_server.h"

namespace gsh::rpc {

inline constexpr Method kGet{"test.Service", "Get"};
inline constexpr Method kCreate{"test.Service", "Create", Idempotency::kOnce};
inline constexpr Method kWatch{"test.Service", "Watch"};

inline std::string Bytes(const std::string& text) {
  google::protobuf::StringValue value;
  value.set_value(text);
  return value.SerializeAsString();
}

inline std::shared_ptr<google::protobuf::StringValue> Message(const std::string& text = "") {
  auto value = std::make_shared<google::protobuf::StringValue>();
  value->set_value(text);
  return value;
}

inline ScriptedReply Ok(const std::string& text = "fine") { return {.messages = {Bytes(text)}}; }
inline ScriptedReply Error(int code, const std::string& text = "no") {
  return {.code = code, .error = text};
}

// What a callback said, and how often.
class Outcome {
 public:
  Client::DoneCallback Callback() {
    return [this](Status status) {
      std::lock_guard lock(mutex_);
      statuses_.push_back(std::move(status));
      changed_.notify_all();
    };
  }
  Status Wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(10), [&] { return !statuses_.empty(); })) {
      return InternalError("the callback never ran");
    }
    return statuses_.front();
  }
  std::size_t count() const {
    std::lock_guard lock(mutex_);
    return statuses_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Status> statuses_;
};

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() : server_([this](const std::string&, const std::string&) { return NextReply(); }) {}

  // The last reply is given again and again.
  void Script(std::deque<ScriptedReply> replies) {
    std::lock_guard lock(mutex_);
    replies_ = std::move(replies);
  }

  ClientOptions Options() {
    return {.endpoint = server_.address(),
            .tls = {.insecure = true},
            .clock = &clock_,
            .rng = &half_,
            .log = &log_,
            .metrics = &metrics_};
  }

  std::unique_ptr<Client> MakeClient(ClientOptions options, ClientTraits traits = {}) {
    auto client = Client::Make(std::move(options), std::move(traits));
    EXPECT_THAT(client, testing::IsOk());
    return client.ok() ? *std::move(client) : nullptr;
  }
  std::unique_ptr<Client> MakeClient() { return MakeClient(Options()); }

  void Call(Client& client, const Method& method, Outcome& outcome, CallOptions options = {}) {
    client.Unary(method, Message("request"), Message(), std::move(options), outcome.Callback());
  }

  // Waits for the pause before a retry and ends it; how long it was.
  Duration EndPause() {
    clock_.WaitForTimers();
    const SteadyTime before = clock_.SteadyNow();
    clock_.AdvanceToNext();
    return clock_.SteadyNow() - before;
  }

  testing::ManualClock clock_;
  testing::FixedRng half_{1ULL << 63};
  testing::RecordingLog log_;
  testing::RecordingMetrics metrics_;

 private:
  ScriptedReply NextReply() {
    std::lock_guard lock(mutex_);
    ScriptedReply reply = replies_.front();
    if (replies_.size() > 1) replies_.pop_front();
    return reply;
  }

  std::mutex mutex_;
  std::deque<ScriptedReply> replies_ = {Ok()};

 protected:
  ScriptedServer server_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_CLIENT_FIXTURE_H_
