#include <deque>
#include <utility>

#include "src/testing/sandbox/agones/sdk_messages.h"
#include "src/testing/sandbox/agones/sdk_services.h"

namespace gsh::sandbox {
// One Health stream: every message is a ping, until the game server ends it.
class StableSdkService::HealthStream final : public grpc::ServerReadReactor<Empty> {
 public:
  explicit HealthStream(std::shared_ptr<SideCar> side_car) : side_car_(std::move(side_car)) {
    StartRead(&ping_);
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    side_car_->HealthPing();
    StartRead(&ping_);
  }
  void OnDone() override { delete this; }

  const std::shared_ptr<SideCar> side_car_;
  Empty ping_;
};

// One WatchGameServer stream: the server as it is, then as each change leaves it.
class StableSdkService::WatchStream final : public grpc::ServerWriteReactor<wire_sdk::GameServer> {
 public:
  static WatchStream* Start(const std::shared_ptr<SideCar>& side_car,
                            std::weak_ptr<WatchStream>& handle) {
    auto stream = std::make_shared<WatchStream>();
    stream->self_ = stream;
    handle = stream;
    stream->observation_ =
        side_car->cluster()->Observe([weak = handle, name = side_car->name()](
                                         Cluster::Event event, const GameServerPtr& server) {
          if (server->name != name || event == Cluster::Event::kDeleted) return;
          if (const auto watch = weak.lock()) watch->Push(server);
        });
    if (const auto server = side_car->Get(); server.ok()) stream->Push(*server);
    return stream.get();
  }

  void End(const grpc::Status& status) {
    std::lock_guard lock(mutex_);
    if (std::exchange(finished_, true)) return;
    // gRPC allows no Finish before the running write is done.
    end_ = status;
    if (!writing_) Finish(end_);
  }

 private:
  void Push(const GameServerPtr& server) {
    std::lock_guard lock(mutex_);
    // What was seen first by Get() may come again by the observer.
    if (finished_ || server->resource_version <= last_version_) return;
    last_version_ = server->resource_version;
    queue_.push_back(server);
    if (!writing_) WriteNext();
  }

  void WriteNext() {
    writing_ = true;
    message_.Clear();
    Fill(*queue_.front(), message_);
    queue_.pop_front();
    StartWrite(&message_);
  }

  void OnWriteDone(bool ok) override {
    std::lock_guard lock(mutex_);
    writing_ = false;
    if (finished_) return Finish(end_);
    if (!ok) {
      finished_ = true;
      return Finish(grpc::Status::CANCELLED);
    }
    if (!queue_.empty()) WriteNext();
  }

  void OnCancel() override { End(grpc::Status::CANCELLED); }

  void OnDone() override {
    const auto keep = std::move(self_);
    observation_.reset();
  }

  std::shared_ptr<WatchStream> self_;  // until gRPC is done with it
  std::unique_ptr<Cluster::Observation> observation_;
  std::mutex mutex_;
  std::deque<GameServerPtr> queue_;
  std::uint64_t last_version_ = 0;
  bool writing_ = false;
  bool finished_ = false;
  grpc::Status end_;
  wire_sdk::GameServer message_;
};

StableSdkService::~StableSdkService() = default;

void StableSdkService::EndWatches() {
  std::vector<std::weak_ptr<WatchStream>> watches;
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
    watches.swap(watches_);
  }
  for (const auto& weak : watches) {
    if (const auto watch = weak.lock()) watch->End(grpc::Status::OK);
  }
}

grpc::ServerUnaryReactor* StableSdkService::Ready(Context* context, const Empty*, Empty*) {
  side_car_->RequestState(State::kRequestReady);
  return FinishCall(context, OkStatus());
}

grpc::ServerUnaryReactor* StableSdkService::Allocate(Context* context, const Empty*, Empty*) {
  side_car_->RequestState(State::kAllocated);
  return FinishCall(context, OkStatus());
}

grpc::ServerUnaryReactor* StableSdkService::Shutdown(Context* context, const Empty*, Empty*) {
  side_car_->RequestState(State::kShutdown);
  return FinishCall(context, OkStatus());
}

grpc::ServerUnaryReactor* StableSdkService::Reserve(Context* context,
                                                    const wire_sdk::Duration* request, Empty*) {
  side_car_->Reserve(request->seconds());
  return FinishCall(context, OkStatus());
}

grpc::ServerUnaryReactor* StableSdkService::SetLabel(Context* context,
                                                     const wire_sdk::KeyValue* request, Empty*) {
  return FinishCall(context, side_car_->SetLabel(request->key(), request->value()));
}

grpc::ServerUnaryReactor* StableSdkService::SetAnnotation(Context* context,
                                                          const wire_sdk::KeyValue* request,
                                                          Empty*) {
  return FinishCall(context, side_car_->SetAnnotation(request->key(), request->value()));
}

grpc::ServerUnaryReactor* StableSdkService::GetGameServer(Context* context, const Empty*,
                                                          wire_sdk::GameServer* response) {
  const auto server = side_car_->Get();
  if (server.ok()) Fill(**server, *response);
  return FinishCall(context, server.status());
}

grpc::ServerReadReactor<wire_sdk::Empty>* StableSdkService::Health(Context*, Empty*) {
  return new HealthStream(side_car_);
}

grpc::ServerWriteReactor<wire_sdk::GameServer>* StableSdkService::WatchGameServer(Context*,
                                                                                  const Empty*) {
  std::weak_ptr<WatchStream> handle;
  WatchStream* stream = WatchStream::Start(side_car_, handle);
  std::lock_guard lock(mutex_);
  if (ended_) {
    stream->End(grpc::Status::OK);
  } else {
    std::erase_if(watches_, [](const auto& watch) { return watch.expired(); });
    watches_.push_back(std::move(handle));
  }
  return stream;
}

}  // namespace gsh::sandbox
