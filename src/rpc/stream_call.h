// StreamCall: one request, many responses, one attempt.
#ifndef GSH_SRC_RPC_STREAM_CALL_H_
#define GSH_SRC_RPC_STREAM_CALL_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/client_callback.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "src/rpc/call_base.h"

namespace gsh::rpc {

// gRPC's reactions put elements into a queue; a pump on the executor, one at a time, takes them
// out. A read is outstanding unless the queue is full, so a slow reader holds the server back.
class StreamCall final : public CallBase,
                         private grpc::ClientReadReactor<google::protobuf::MessageLite> {
 public:
  using Message = google::protobuf::MessageLite;
  using NewMessage = std::function<std::shared_ptr<Message>()>;
  using OnElement = std::function<bool(Message&)>;

  StreamCall(std::shared_ptr<ClientCore> core, const Method& method,
             std::shared_ptr<const Message> request, NewMessage new_message, OnElement on_element,
             CallOptions options, DoneCallback done);

  void Start();
  void Abandon() override;

 private:
  static constexpr std::size_t kReadAhead = 4;

  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void OnStop() override;
  void OnExecutor() override;  // the pump

  void Read();
  void SchedulePump();
  void Cancel();  // what is still in the queue, or comes, is dropped
  bool GiveElement(Message& element);
  void RunDone(Status result);
  Status ResultOf(const grpc::Status& status, RetryStop* stop) const;

  const Method method_;
  const std::string path_;
  const std::shared_ptr<const Message> request_;
  const NewMessage new_message_;
  const OnElement on_element_;
  grpc::ClientContext context_;
  std::shared_ptr<Message> reading_;      // where gRPC puts the next element
  std::shared_ptr<CallBase> until_done_;  // gRPC holds us until OnDone

  // Guarded by mutex_.
  std::deque<std::shared_ptr<Message>> queue_;
  bool paused_ = false;      // the queue is full, and no read is outstanding
  bool cancelled_ = false;   // by whomever: elements are dropped
  bool stopped_ = false;     // by the caller's stop token
  bool refused_ = false;     // by on_element
  bool pumping_ = false;     // a pump is posted or runs
  bool in_element_ = false;  // on_element runs
  bool abandoned_ = false;
  std::optional<Status> result_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_STREAM_CALL_H_
