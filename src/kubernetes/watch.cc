#include "gsh/kubernetes/watch.h"

#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "src/kubernetes/common/json.h"
#include "src/kubernetes/known_objects.h"
#include "src/rpc/common/call_registry.h"
#include "src/rpc/common/reconnect.h"

namespace gsh::kubernetes {
namespace {

using rpc::CallRegistry;

// One request or pause is under way at any time, and its end begins the next one; so all but the
// time of the last news belongs to whoever runs that end.
class Follower : public std::enable_shared_from_this<Follower> {
 public:
  Follower(Client& client, WatchOptions options, std::function<void(Change)> on_change)
      : client_(client),
        options_(std::move(options)),
        on_change_(std::move(on_change)),
        reconnect_options_{.retry = options_.retry,
                           .clock = &client.clock(),
                           .rng = options_.rng != nullptr ? options_.rng : &SystemRng()},
        reconnect_(std::in_place, reconnect_options_),
        last_news_(client.clock().SteadyNow()) {}

  void Begin() { List(""); }
  void Stop() {
    stop_.request_stop();
    registry_.Close();
  }
  Duration age() const {
    std::lock_guard lock(mutex_);
    return client_.clock().SteadyNow() - last_news_;
  }

 private:
  CallOptions Options() const { return {.stop = stop_.get_token(), .executor = options_.executor}; }
  // Wraps the end of a request: nothing happens once the watch has gone.
  template <typename Fn>
  auto InFrame(Fn fn) {
    return [self = shared_from_this(), fn](auto result) {
      if (const CallRegistry::Frame frame(self->registry_); frame) fn(*self, std::move(result));
    };
  }

  void List(std::string continue_token) {
    if (continue_token.empty()) {
      reconnect_->Opened();
      known_.BeginList();
    }
    Request request{.verb = Verb::kList,
                    .resource = options_.resource,
                    .ns = options_.ns,
                    .label_selector = options_.label_selector,
                    .field_selector = options_.field_selector,
                    .limit = options_.page_size,
                    .continue_token = std::move(continue_token)};
    client_.CallAsync(std::move(request), Options(),
                      InFrame([](Follower& self, StatusOr<std::string> answer) {
                        self.OnPage(std::move(answer));
                      }));
  }

  void OnPage(StatusOr<std::string> answer) {
    if (!answer.ok()) return After(answer.status());
    StatusOr<Json> list = ParseJsonObject(*answer);
    answer = std::string();  // a page is held once
    if (!list.ok()) return After(InternalError("a list that is " + list.status().message()));
    if (!GiveItems(*list)) return;
    News();
    std::string next = TextAt(*list, {"metadata", "continue"});
    if (!next.empty()) {
      list = Json();
      return List(std::move(next));
    }
    version_ = TextAt(*list, {"metadata", "resourceVersion"});
    list = Json();
    if (Give(known_.EndList())) Follow();
  }

  bool GiveItems(Json& list) {
    const auto items = list.find("items");
    if (items == list.end() || !items->is_array()) return true;
    for (Json& item : *items) {
      if (!Give(known_.Saw(MetaOf(item), Dump(item)))) return false;
      item = nullptr;
    }
    return true;
  }

  void Follow() {
    reconnect_->Opened();
    WatchRequest request{.resource = options_.resource,
                         .ns = options_.ns,
                         .label_selector = options_.label_selector,
                         .field_selector = options_.field_selector,
                         .resource_version = version_};
    client_.WatchAsync(
        std::move(request), Options(),
        [self = shared_from_this()](WatchEvent event) {
          const CallRegistry::Frame frame(self->registry_);
          return frame && self->OnEvent(std::move(event));
        },
        InFrame([](Follower& self, const Status& status) { self.After(status); }));
  }

  bool OnEvent(WatchEvent event) {
    const StatusOr<Json> object = ParseJsonObject(event.object);
    if (!object.ok()) return false;  // the watch ends, and begins again where it was
    const ObjectMeta meta = MetaOf(*object);
    bool more = true;
    if (event.type == WatchEvent::Type::kDeleted) {
      more = Give(known_.Deleted(meta, std::move(event.object)));
    } else if (event.type != WatchEvent::Type::kBookmark) {
      more = Give(known_.Saw(meta, std::move(event.object)));
    }
    if (more && !meta.resource_version.empty()) version_ = meta.resource_version;
    progressed_ = true;
    if (more) News();
    return more;
  }

  // A list or a watch has ended.
  void After(const Status& status) {
    if (status.code() == StatusCode::kCancelled && stop_.stop_requested()) return;
    if (status.code() == StatusCode::kOutOfRange) version_.clear();  // forgotten: list again
    // What brought something was worth opening, however short.
    if (std::exchange(progressed_, false)) reconnect_.emplace(reconnect_options_);
    const Duration pause = reconnect_->NextPause();
    if (!status.ok()) {
      Log(options_.log, LogLevel::kWarning, "Kubernetes watch interrupted",
          {{"resource", std::string(options_.resource.plural)},
           {"error", status.ToString()},
           {"failures", std::to_string(reconnect_->failures())}});
    }
    client_.PauseAsync(pause, Options(), InFrame([](Follower& self, const Status& paused) {
                         if (paused.ok()) self.version_.empty() ? self.List("") : self.Follow();
                       }));
  }

  // False once the user has destroyed the watch.
  bool Give(std::vector<Change> changes) {
    for (Change& change : changes) {
      if (stop_.stop_requested()) return false;
      on_change_(std::move(change));
    }
    return !stop_.stop_requested();
  }

  void News() {
    std::lock_guard lock(mutex_);
    last_news_ = client_.clock().SteadyNow();
  }

  Client& client_;
  const WatchOptions options_;
  const std::function<void(Change)> on_change_;
  const ClientOptions reconnect_options_;
  std::stop_source stop_;
  CallRegistry registry_;
  std::optional<rpc::Reconnect> reconnect_;
  bool progressed_ = false;  // the watch brought an event
  KnownObjects known_;
  std::string version_;  // where to go on; empty: list

  mutable std::mutex mutex_;
  SteadyTime last_news_;  // guarded by mutex_
};

class WatchImpl final : public Watch {
 public:
  explicit WatchImpl(std::shared_ptr<Follower> follower) : follower_(std::move(follower)) {}
  ~WatchImpl() override { follower_->Stop(); }
  Duration age() const override { return follower_->age(); }

 private:
  const std::shared_ptr<Follower> follower_;
};

}  // namespace

std::unique_ptr<Watch> Watch::Start(Client& client, WatchOptions options,
                                    std::function<void(Change)> on_change) {
  auto follower = std::make_shared<Follower>(client, std::move(options), std::move(on_change));
  follower->Begin();
  return std::make_unique<WatchImpl>(std::move(follower));
}

}  // namespace gsh::kubernetes
