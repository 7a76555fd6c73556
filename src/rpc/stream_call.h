// StreamCall: one request, many responses, one attempt.
#ifndef GSH_SRC_RPC_STREAM_CALL_H_
#define GSH_SRC_RPC_STREAM_CALL_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/client_callback.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "src/rpc/client_core.h"
#include "src/rpc/common/pumped_call.h"

namespace gsh::rpc {

// A read is outstanding unless the queue is full.
class StreamCall final : public PumpedCall<std::shared_ptr<google::protobuf::MessageLite>>,
                         private grpc::ClientReadReactor<google::protobuf::MessageLite> {
 public:
  using Message = google::protobuf::MessageLite;
  using NewMessage = std::function<std::shared_ptr<Message>()>;
  using OnElement = std::function<bool(Message&)>;

  StreamCall(std::shared_ptr<ClientCore> core, const Method& method,
             std::shared_ptr<const Message> request, NewMessage new_message, OnElement on_element,
             CallOptions options, DoneCallback done);

  void Start();

 private:
  static constexpr std::size_t kReadAhead = 4;

  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void OnStop() override;
  bool Give(std::shared_ptr<Message>& element) override { return on_element_(*element); }
  void Resume() override { Read(); }
  void CancelTransport(std::unique_lock<std::mutex> lock) override;

  void Read();
  Status ResultOf(const grpc::Status& status, RetryStop* stop) const;

  const std::shared_ptr<ClientCore> core_;
  const std::string path_;
  const std::shared_ptr<const Message> request_;
  const NewMessage new_message_;
  const OnElement on_element_;
  grpc::ClientContext context_;
  std::shared_ptr<Message> reading_;      // where gRPC puts the next element
  std::shared_ptr<CallBase> until_done_;  // gRPC holds us until OnDone

  bool stopped_ = false;  // by the caller's stop token; guarded by mutex_
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_STREAM_CALL_H_
