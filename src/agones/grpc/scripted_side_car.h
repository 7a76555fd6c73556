// A side-car for tests: answers as the real one does, over a real socket, and can be told to fail.
#ifndef GSH_SRC_AGONES_GRPC_SCRIPTED_SIDE_CAR_H_
#define GSH_SRC_AGONES_GRPC_SCRIPTED_SIDE_CAR_H_

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "src/proto/agones.h"

namespace gsh::agones {

// Notes each call as "Name argument...". Every unary call answers what Fail was told last.
class ScriptedSideCar {
 public:
  static constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(10);

  ScriptedSideCar() { Listen(0); }
  ~ScriptedSideCar() { Stop(); }

  int port() const { return port_; }
  void Stop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
      changed_.notify_all();
    }
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
    server_ = nullptr;
  }
  // On the port it had.
  void Restart() {
    Stop();
    stopping_ = false;
    Listen(port_);
  }

  std::vector<std::string> calls() {
    std::lock_guard lock(mutex_);
    return calls_;
  }
  void Fail(int code, std::string text) {
    std::lock_guard lock(mutex_);
    fail_ = grpc::Status(static_cast<grpc::StatusCode>(code), std::move(text));
  }
  // What watchers and GetGameServer see; watchers get a message for each Publish.
  void Publish(const wire_sdk::GameServer& game_server) {
    std::lock_guard lock(mutex_);
    game_server_ = game_server;
    ++version_;
    changed_.notify_all();
  }
  // Ends the streams that are open.
  void BreakStreams() {
    std::lock_guard lock(mutex_);
    ++epoch_;
    changed_.notify_all();
  }
  // False if they do not come within some seconds.
  bool WaitForPings(int count, std::chrono::milliseconds limit = kPatience) {
    return Wait([&] { return pings_ >= count; }, limit);
  }
  bool WaitForHealthStreams(int count) {
    return Wait([&] { return health_streams_ >= count; });
  }
  bool WaitForHealthEnded(int count) {
    return Wait([&] { return health_ended_ >= count; });
  }
  bool WaitForWatches(int count) {
    return Wait([&] { return watches_ >= count; });
  }
  int pings() {
    std::lock_guard lock(mutex_);
    return pings_;
  }

 private:
  template <typename Condition>
  bool Wait(Condition condition, std::chrono::milliseconds limit = kPatience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, condition);
  }
  grpc::Status Note(std::string call) {
    std::lock_guard lock(mutex_);
    calls_.push_back(std::move(call));
    return fail_;
  }

  class Stable final : public wire_sdk::SDK::Service {
   public:
    explicit Stable(ScriptedSideCar& owner) : owner_(owner) {}

   private:
    using Empty = wire_sdk::Empty;
    using Context = grpc::ServerContext;
    grpc::Status Ready(Context*, const Empty*, Empty*) override { return owner_.Note("Ready"); }
    grpc::Status Allocate(Context*, const Empty*, Empty*) override {
      return owner_.Note("Allocate");
    }
    grpc::Status Shutdown(Context*, const Empty*, Empty*) override {
      return owner_.Note("Shutdown");
    }
    grpc::Status Reserve(Context*, const wire_sdk::Duration* duration, Empty*) override {
      return owner_.Note("Reserve " + std::to_string(duration->seconds()));
    }
    grpc::Status SetLabel(Context*, const wire_sdk::KeyValue* pair, Empty*) override {
      return owner_.Note("SetLabel " + pair->key() + "=" + pair->value());
    }
    grpc::Status SetAnnotation(Context*, const wire_sdk::KeyValue* pair, Empty*) override {
      return owner_.Note("SetAnnotation " + pair->key() + "=" + pair->value());
    }
    grpc::Status GetGameServer(Context*, const Empty*, wire_sdk::GameServer* out) override {
      const grpc::Status status = owner_.Note("GetGameServer");
      std::lock_guard lock(owner_.mutex_);
      *out = owner_.game_server_;
      return status;
    }
    grpc::Status Health(Context* context, grpc::ServerReader<Empty>* reader, Empty*) override {
      return owner_.Health(context, reader);
    }
    grpc::Status WatchGameServer(Context* context, const Empty*,
                                 grpc::ServerWriter<wire_sdk::GameServer>* writer) override {
      return owner_.Watch(context, writer);
    }
    ScriptedSideCar& owner_;
  };

  class Beta final : public wire_sdk::beta::SDK::Service {
   public:
    explicit Beta(ScriptedSideCar& owner) : owner_(owner) {}

   private:
    using Context = grpc::ServerContext;
    using Counter = wire_sdk::beta::Counter;
    using List = wire_sdk::beta::List;
    static void Fill(Counter* counter) {
      counter->set_count(3);
      counter->set_capacity(8);
    }
    grpc::Status GetCounter(Context*, const wire_sdk::beta::GetCounterRequest* request,
                            Counter* out) override {
      Fill(out);
      return owner_.Note("GetCounter " + request->name());
    }
    grpc::Status UpdateCounter(Context*, const wire_sdk::beta::UpdateCounterRequest* request,
                               Counter* out) override {
      Fill(out);
      const auto& update = request->counterupdaterequest();
      std::string call = "UpdateCounter " + update.name();
      if (update.has_count()) call += " count=" + std::to_string(update.count().value());
      if (update.has_capacity()) call += " capacity=" + std::to_string(update.capacity().value());
      return owner_.Note(call + " diff=" + std::to_string(update.countdiff()));
    }
    grpc::Status GetList(Context*, const wire_sdk::beta::GetListRequest* request,
                         List* out) override {
      out->add_values("a");
      out->set_capacity(5);
      return owner_.Note("GetList " + request->name());
    }
    grpc::Status UpdateList(Context*, const wire_sdk::beta::UpdateListRequest* request,
                            List*) override {
      std::string mask;
      for (const std::string& path : request->update_mask().paths()) mask += " " + path;
      return owner_.Note("UpdateList " + request->list().name() + " " +
                         std::to_string(request->list().capacity()) + mask);
    }
    grpc::Status AddListValue(Context*, const wire_sdk::beta::AddListValueRequest* request,
                              List*) override {
      return owner_.Note("AddListValue " + request->name() + " " + request->value());
    }
    grpc::Status RemoveListValue(Context*, const wire_sdk::beta::RemoveListValueRequest* request,
                                 List*) override {
      return owner_.Note("RemoveListValue " + request->name() + " " + request->value());
    }
    ScriptedSideCar& owner_;
  };

  class Alpha final : public wire_sdk::alpha::SDK::Service {
   public:
    explicit Alpha(ScriptedSideCar& owner) : owner_(owner) {}

   private:
    using Context = grpc::ServerContext;
    using Empty = wire_sdk::alpha::Empty;
    using Bool = wire_sdk::alpha::Bool;
    using Count = wire_sdk::alpha::Count;
    using PlayerID = wire_sdk::alpha::PlayerID;
    grpc::Status PlayerConnect(Context*, const PlayerID* player, Bool* out) override {
      out->set_bool_(true);
      return owner_.Note("PlayerConnect " + player->playerid());
    }
    grpc::Status PlayerDisconnect(Context*, const PlayerID* player, Bool* out) override {
      out->set_bool_(false);
      return owner_.Note("PlayerDisconnect " + player->playerid());
    }
    grpc::Status SetPlayerCapacity(Context*, const Count* count, Empty*) override {
      return owner_.Note("SetPlayerCapacity " + std::to_string(count->count()));
    }
    grpc::Status GetPlayerCapacity(Context*, const Empty*, Count* out) override {
      out->set_count(8);
      return owner_.Note("GetPlayerCapacity");
    }
    grpc::Status GetPlayerCount(Context*, const Empty*, Count* out) override {
      out->set_count(2);
      return owner_.Note("GetPlayerCount");
    }
    grpc::Status IsPlayerConnected(Context*, const PlayerID* player, Bool* out) override {
      out->set_bool_(true);
      return owner_.Note("IsPlayerConnected " + player->playerid());
    }
    grpc::Status GetConnectedPlayers(Context*, const Empty*,
                                     wire_sdk::alpha::PlayerIDList* out) override {
      out->add_list("p1");
      out->add_list("p2");
      return owner_.Note("GetConnectedPlayers");
    }
    ScriptedSideCar& owner_;
  };

  void Listen(int port) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(&stable_);
    builder.RegisterService(&beta_);
    builder.RegisterService(&alpha_);
    server_ = builder.BuildAndStart();
  }

  grpc::Status Health(grpc::ServerContext* context, grpc::ServerReader<wire_sdk::Empty>* reader) {
    std::unique_lock lock(mutex_);
    const int epoch = epoch_;
    bool ended = false;
    ++health_streams_;
    changed_.notify_all();
    // Reading blocks, so that another thread breaks the call.
    std::thread breaker([&] {
      std::unique_lock guard(mutex_);
      changed_.wait(guard, [&] { return stopping_ || epoch != epoch_ || ended; });
      if (!ended) context->TryCancel();
    });
    lock.unlock();
    wire_sdk::Empty ping;
    while (reader->Read(&ping)) {
      std::lock_guard guard(mutex_);
      ++pings_;
      changed_.notify_all();
    }
    lock.lock();
    ended = true;
    ++health_ended_;
    changed_.notify_all();
    lock.unlock();
    breaker.join();
    return grpc::Status::OK;
  }

  grpc::Status Watch(grpc::ServerContext* context,
                     grpc::ServerWriter<wire_sdk::GameServer>* writer) {
    std::unique_lock lock(mutex_);
    const int epoch = epoch_;
    int sent = -1;
    ++watches_;
    changed_.notify_all();
    while (!stopping_ && epoch == epoch_ && !context->IsCancelled()) {
      if (sent == version_) {
        changed_.wait_for(lock, std::chrono::milliseconds(5));
        continue;
      }
      sent = version_;
      const wire_sdk::GameServer message = game_server_;
      lock.unlock();
      writer->Write(message);
      lock.lock();
    }
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> calls_;
  grpc::Status fail_;
  wire_sdk::GameServer game_server_;
  int version_ = 0;
  int epoch_ = 0;
  int pings_ = 0;
  int health_streams_ = 0;
  int health_ended_ = 0;
  int watches_ = 0;
  bool stopping_ = false;
  Stable stable_{*this};
  Beta beta_{*this};
  Alpha alpha_{*this};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_GRPC_SCRIPTED_SIDE_CAR_H_
