// StreamCall: one request, an answer that is read as it comes, one attempt.
#ifndef GSH_SRC_HTTP_CLIENT_STREAM_CALL_H_
#define GSH_SRC_HTTP_CLIENT_STREAM_CALL_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "src/http/client/core.h"
#include "src/rpc/common/pumped_call.h"

namespace gsh::http {

class StreamCall final : public rpc::PumpedCall<std::string>, private TransferHandler {
 public:
  using OnChunk = std::function<bool(std::string_view)>;

  StreamCall(std::shared_ptr<ClientCore> core, const rpc::Method& method, ClientRequest request,
             std::shared_ptr<ClientResponse> response, OnChunk on_chunk, CallOptions options,
             DoneCallback done);

  void Start();

 private:
  static constexpr std::size_t kReadAheadBytes = 256u << 10;

  void OnStop() override;
  bool Give(std::string& chunk) override { return on_chunk_(chunk); }
  void Resume() override;
  void CancelTransport(std::unique_lock<std::mutex> lock) override;
  void OnTaken(const std::string* chunk) override;

  void Transmit(const Status& prepared, ClientRequest request);
  void OnHead(const ClientResponse& head) override;
  Body OnBody(std::string_view bytes) override;
  void OnEnd(const TransferEnd& end, ClientResponse head) override;
  Status ResultOf(const TransferEnd& end, RetryStop* stop);
  std::shared_ptr<StreamCall> Self() {
    return std::static_pointer_cast<StreamCall>(shared_from_this());
  }

  const std::shared_ptr<ClientCore> core_;
  ClientRequest request_;
  const std::shared_ptr<ClientResponse> response_;
  const OnChunk on_chunk_;

  // Guarded by mutex_.
  std::shared_ptr<Transfer> transfer_;
  std::size_t queued_bytes_ = 0;
  ClientResponse answer_;   // goes to response_ before the caller's next callback
  bool fresh_ = false;      // answer_ is news
  bool streaming_ = false;  // the answer is a 2xx
  bool preparing_ = false;
  bool stopped_ = false;  // by the caller's stop token
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_STREAM_CALL_H_
