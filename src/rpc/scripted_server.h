// ScriptedServer: a gRPC server in the test's own process that answers any method as it is told.
#ifndef GSH_SRC_RPC_SCRIPTED_SERVER_H_
#define GSH_SRC_RPC_SCRIPTED_SERVER_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gsh::rpc {

struct ScriptedReply {
  std::vector<std::string> messages = {};  // serialised
  int code = 0;                            // may be outside gRPC's enum
  std::string error = {};
  std::optional<std::string> push_back = {};  // grpc-retry-pushback-ms
  bool hang = false;                          // after the messages: until the client cancels
};

class ScriptedServer final : private grpc::CallbackGenericService {
 public:
  using Handler =
      std::function<ScriptedReply(const std::string& method, const std::string& request)>;

  // The handler runs on gRPC's threads. Null credentials: plaintext.
  explicit ScriptedServer(Handler handler,
                          std::shared_ptr<grpc::ServerCredentials> credentials = nullptr)
      : handler_(std::move(handler)), credentials_(std::move(credentials)) {
    if (credentials_ == nullptr) credentials_ = grpc::InsecureServerCredentials();
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", credentials_, &port_);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
  }
  ~ScriptedServer() override { Stop(); }

  void Stop() {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }
  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  int calls() const {
    std::lock_guard lock(mutex_);
    return calls_;
  }
  int cancelled() const {
    std::lock_guard lock(mutex_);
    return cancelled_;
  }
  // Until so many calls have come, or were cancelled by the client. Real time, five seconds at
  // most.
  bool WaitForCalls(int count) { return WaitFor(calls_, count); }
  bool WaitForCancelled(int count) { return WaitFor(cancelled_, count); }

 private:
  class Call;

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

  void Count(int& counter) {
    std::lock_guard lock(mutex_);
    ++counter;
    changed_.notify_all();
  }
  bool WaitFor(const int& counter, int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(5), [&] { return counter >= count; });
  }

  const Handler handler_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int calls_ = 0;
  int cancelled_ = 0;
};

class ScriptedServer::Call final : public grpc::ServerGenericBidiReactor {
 public:
  Call(ScriptedServer& server, grpc::GenericCallbackServerContext& context)
      : server_(server), context_(context) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return FinishOnce(grpc::Status(grpc::StatusCode::INTERNAL, "no request"));
    std::vector<grpc::Slice> slices;
    std::string text;
    if (request_.Dump(&slices).ok()) {
      for (const auto& slice : slices) {
        text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
      }
    }
    reply_ = server_.handler_(context_.method(), text);
    // Counted with its reply in hand: who waits for this call may send the next one, and on another
    // thread that must not take this one's place in the script.
    server_.Count(server_.calls_);
    if (reply_.push_back) context_.AddTrailingMetadata("grpc-retry-pushback-ms", *reply_.push_back);
    WriteNext();
  }

  void OnWriteDone(bool ok) override {
    if (ok) return WriteNext();
    FinishOnce(grpc::Status::CANCELLED);
  }

  void OnCancel() override {
    server_.Count(server_.cancelled_);
    FinishOnce(grpc::Status::CANCELLED);
  }

  void OnDone() override { delete this; }

 private:
  void WriteNext() {
    if (next_ < reply_.messages.size()) {
      grpc::Slice slice(reply_.messages[next_++]);
      response_ = grpc::ByteBuffer(&slice, 1);
      return StartWrite(&response_);
    }
    if (reply_.hang) return;
    FinishOnce(grpc::Status(static_cast<grpc::StatusCode>(reply_.code), reply_.error));
  }

  void FinishOnce(const grpc::Status& status) {
    {
      std::lock_guard lock(mutex_);
      if (std::exchange(finished_, true)) return;
    }
    Finish(status);
  }

  ScriptedServer& server_;
  grpc::GenericCallbackServerContext& context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  ScriptedReply reply_;
  std::size_t next_ = 0;
  std::mutex mutex_;
  bool finished_ = false;
};

inline grpc::ServerGenericBidiReactor* ScriptedServer::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  return new Call(*this, *context);
}

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_SCRIPTED_SERVER_H_
