// ScriptedServiceTest: a test of one of Open Match's services' adapters, against a server that
// answers as scripted.
#ifndef GSH_SRC_OPENMATCH_SCRIPTED_SERVICE_H_
#define GSH_SRC_OPENMATCH_SCRIPTED_SERVICE_H_

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "gsh/options.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/manual_clock.h"
#include "src/rpc/scripted_server.h"

namespace gsh::openmatch {

class ScriptedServiceTest : public ::testing::Test {
 protected:
  // `service`: "openmatch.QueryService" and so on. Its RPCs go by their short names.
  explicit ScriptedServiceTest(const std::string& service)
      : prefix_("/" + service + "/"),
        server_([this](const std::string& method, const std::string& request) {
          return Reply(method, request);
        }) {}

  ClientOptions Options() {
    return {
        .endpoint = server_.address(), .tls = {.insecure = true}, .clock = &clock_, .rng = &half_};
  }
  // The next replies of one RPC; the last is given again and again.
  void Script(const std::string& rpc, std::deque<rpc::ScriptedReply> replies) {
    std::lock_guard lock(mutex_);
    scripts_[rpc] = std::move(replies);
  }
  template <typename Message>
  void Answer(const std::string& rpc, const Message& message) {
    Script(rpc, {{.messages = {message.SerializeAsString()}}});
  }
  // What the newest call of an RPC asked for.
  template <typename Request>
  Request Asked(const std::string& rpc) {
    std::lock_guard lock(mutex_);
    Request request;
    EXPECT_TRUE(request.ParseFromString(requests_[rpc]));
    return request;
  }
  int Calls(const std::string& rpc) {
    std::lock_guard lock(mutex_);
    return calls_[rpc];
  }
  // Ends the client's pause between two attempts; how long it was.
  Duration EndPause() {
    clock_.WaitForTimers();
    const SteadyTime before = clock_.SteadyNow();
    clock_.AdvanceToNext();
    return clock_.SteadyNow() - before;
  }

  testing::ManualClock clock_;
  testing::FixedRng half_{1ULL << 63};

 private:
  rpc::ScriptedReply Reply(const std::string& method, const std::string& request) {
    std::lock_guard lock(mutex_);
    if (!method.starts_with(prefix_)) return {.code = 12, .error = method};
    const std::string name = method.substr(prefix_.size());
    ++calls_[name];
    requests_[name] = request;
    auto& replies = scripts_[name];
    if (replies.empty()) return {.code = 12, .error = "not scripted: " + name};
    rpc::ScriptedReply reply = replies.front();
    if (replies.size() > 1) replies.pop_front();
    return reply;
  }

  const std::string prefix_;
  std::mutex mutex_;
  std::map<std::string, std::deque<rpc::ScriptedReply>> scripts_;
  std::map<std::string, std::string> requests_;
  std::map<std::string, int> calls_;

 protected:
  rpc::ScriptedServer server_;  // ends before what it answers from
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_SCRIPTED_SERVICE_H_
