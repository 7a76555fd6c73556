// SendCall: one request, one answer, and the attempts in between.
#ifndef GSH_SRC_HTTP_CLIENT_SEND_CALL_H_
#define GSH_SRC_HTTP_CLIENT_SEND_CALL_H_

#include <functional>
#include <memory>
#include <optional>

#include "src/http/client/core.h"
#include "src/rpc/common/call_base.h"

namespace gsh::http {

class SendCall final : public rpc::CallBase, private TransferHandler {
 public:
  SendCall(std::shared_ptr<ClientCore> core, const rpc::Method& method, ClientRequest request,
           std::shared_ptr<ClientResponse> response, CallOptions options, DoneCallback done);

  void Start();
  void Abandon() override;

 private:
  void OnStop() override;
  void OnExecutor() override;  // runs the callback

  enum class Phase { kIdle, kPreparing, kWaiting };

  void StartAttempt();
  void Prepare();
  void Transmit(const Status& prepared, const ClientRequest& request);
  std::optional<Duration> AttemptTime() const;  // empty: no limit
  void OnHead(const ClientResponse&) override {}
  Body OnBody(std::string_view bytes) override;
  Status StatusOfAnswer() const;
  void OnEnd(const TransferEnd& end, ClientResponse head) override;
  void OnFailure(const Status& status, bool never_sent);
  // Calls `fn` after `delay` (empty: never), unless the phase has been left by then.
  void EnterFor(Phase phase, std::optional<Duration> delay, std::function<void()> fn);
  bool Leave(Phase phase);  // false if somebody else has
  void FinishFailed(const Status& status, RetryStop stop);
  void Finish(Status result);
  rpc::CallReport Report(RetryStop stop) const;
  std::shared_ptr<SendCall> Self() {
    return std::static_pointer_cast<SendCall>(shared_from_this());
  }

  const std::shared_ptr<ClientCore> core_;
  const rpc::Method method_;
  const ClientRequest request_;
  const std::shared_ptr<ClientResponse> response_;
  ClientResponse answer_;  // of the newest attempt; whoever brings the call forward has it
  double taken_ = 0;       // from the retry budget, by the newest retry; likewise
  std::string peer_;       // where the newest attempt goes; likewise

  // Guarded by mutex_.
  std::shared_ptr<Transfer> transfer_;
  int attempts_ = 0;
  bool stopped_ = false;  // by the caller
  Phase phase_ = Phase::kIdle;
  std::optional<Clock::TimerId> timer_;  // of the phase
  std::optional<Status> result_;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_SEND_CALL_H_
