// UnaryCall: one request, one response, and the attempts in between.
#ifndef GSH_SRC_RPC_UNARY_CALL_H_
#define GSH_SRC_RPC_UNARY_CALL_H_

#include <google/protobuf/message_lite.h>

#include <memory>
#include <optional>
#include <string>

#include "src/rpc/client_core.h"
#include "src/rpc/common/call_base.h"

namespace gsh::rpc {

class UnaryCall final : public CallBase {
 public:
  UnaryCall(std::shared_ptr<ClientCore> core, const Method& method,
            std::shared_ptr<const google::protobuf::MessageLite> request,
            std::shared_ptr<google::protobuf::MessageLite> response, CallOptions options,
            DoneCallback done);

  void Start();
  void Abandon() override;

 private:
  void OnStop() override;
  void OnExecutor() override;  // runs the callback
  void StartAttempt();
  void OnAttemptDone(const grpc::Status& status);
  void WaitForRetry(Duration delay, int attempt);
  void OnTimer();
  void FinishFailed(const Status& status, RetryStop stop);
  void Finish(Status result);

  // Did the failed attempt never get as far as a connection?
  bool NeverSent(const grpc::Status& status) const;
  CallReport Report(RetryStop stop) const;

  const std::shared_ptr<ClientCore> core_;
  const Method method_;
  const std::string path_;
  const std::shared_ptr<const google::protobuf::MessageLite> request_;
  const std::shared_ptr<google::protobuf::MessageLite> response_;

  // Guarded by mutex_.
  std::optional<grpc::ClientContext> context_;  // of the newest attempt
  int attempts_ = 0;
  bool stopped_ = false;  // by the caller
  bool expired_ = false;  // before the newest attempt could be sent
  bool waiting_ = false;  // for the next attempt
  std::optional<Clock::TimerId> timer_;
  std::optional<Status> result_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_UNARY_CALL_H_
