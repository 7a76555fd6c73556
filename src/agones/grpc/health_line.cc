#include "src/agones/grpc/health_line.h"

#include <mutex>
#include <utility>

#include "src/proto/agones.h"
#include "src/rpc/status_conversion.h"

namespace gsh::agones {
namespace {

// One Health call. Lives until gRPC is done with it; while it is held, operations may be started.
class HealthStream final : public HealthLine, private grpc::ClientWriteReactor<wire_sdk::Empty> {
 public:
  HealthStream(const std::shared_ptr<grpc::Channel>& channel, HealthEvents events)
      : stub_(wire_sdk::SDK::NewStub(channel)), events_(std::move(events)) {}

  void Open(std::shared_ptr<HealthStream> self) {
    self_ = std::move(self);
    stub_->async()->Health(&context_, &response_, this);
    AddHold();
    StartCall();
  }

  bool Ping() override {
    std::lock_guard lock(mutex_);
    if (!held_) return true;  // it is over, and OnDone says so
    if (std::exchange(writing_, true)) return false;
    StartWrite(&ping_);
    return true;
  }
  void Close() override {
    context_.TryCancel();
    Release();
  }

 private:
  // Lets gRPC finish the call.
  void Release() {
    std::lock_guard lock(mutex_);
    if (std::exchange(held_, false)) RemoveHold();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return Release();
    {
      std::lock_guard lock(mutex_);
      writing_ = false;
    }
    events_.pinged();
  }
  // No headers: the call has failed, perhaps while no ping was under way.
  void OnReadInitialMetadataDone(bool ok) override {
    if (!ok) Release();
  }
  void OnDone(const grpc::Status& status) override {
    const std::shared_ptr<HealthStream> self = std::move(self_);
    events_.closed(rpc::FromGrpc(status));
  }

  const std::unique_ptr<wire_sdk::SDK::Stub> stub_;
  const HealthEvents events_;
  grpc::ClientContext context_;
  const wire_sdk::Empty ping_;
  wire_sdk::Empty response_;
  std::mutex mutex_;
  bool writing_ = false;
  bool held_ = true;
  std::shared_ptr<HealthStream> self_;
};

}  // namespace

std::shared_ptr<HealthLine> OpenHealthStream(const std::shared_ptr<grpc::Channel>& channel,
                                             HealthEvents events) {
  auto stream = std::make_shared<HealthStream>(channel, std::move(events));
  stream->Open(stream);
  return stream;
}

}  // namespace gsh::agones
