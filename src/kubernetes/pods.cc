#include "gsh/kubernetes/pods.h"

#include <algorithm>
#include <utility>

#include "gsh/kubernetes/objects.h"
#include "src/core/await.h"
#include "src/kubernetes/api_status.h"
#include "src/kubernetes/common/json.h"
#include "src/kubernetes/modify.h"
#include "src/kubernetes/time_left.h"

namespace gsh::kubernetes {
namespace {

void ReadOwner(const Json& json, Pod& pod) {
  const Json* owners = Find(json, {"metadata", "ownerReferences"});
  if (owners == nullptr || !owners->is_array()) return;
  for (const Json& owner : *owners) {
    if (!BoolAt(owner, {"controller"})) continue;
    pod.owner_kind = TextAt(owner, {"kind"});
    pod.owner_name = TextAt(owner, {"name"});
  }
}

Pod ToPod(const Json& json) {
  Pod pod{
      .ns = TextAt(json, {"metadata", "namespace"}),
      .name = TextAt(json, {"metadata", "name"}),
      .uid = TextAt(json, {"metadata", "uid"}),
      .node = TextAt(json, {"spec", "nodeName"}),
      .phase = TextAt(json, {"status", "phase"}),
      .mirror = Find(json, {"metadata", "annotations", "kubernetes.io/config.mirror"}) != nullptr,
      .terminating = Find(json, {"metadata", "deletionTimestamp"}) != nullptr};
  ReadOwner(json, pod);
  if (const Json* labels = Find(json, {"metadata", "labels"}); labels != nullptr) {
    pod.labels = TextMap(*labels);
  }
  return pod;
}

class Eviction : public std::enable_shared_from_this<Eviction> {
 public:
  Eviction(Client& client, Pod pod, EvictOptions evict, CallOptions options,
           std::function<void(Status)> done)
      : client_(client),
        pod_(std::move(pod)),
        evict_(evict),
        left_(client.clock(), std::move(options)),
        done_(std::move(done)) {}

  void Try() {
    client_.CallAsync({.verb = Verb::kCreate,
                       .resource = kPods,
                       .ns = pod_.ns,
                       .name = pod_.name,
                       .subresource = "eviction",
                       .body = Body()},
                      left_.Options(),
                      [self = shared_from_this()](const StatusOr<std::string>& answer) {
                        self->OnAnswer(answer.status());
                      });
  }

 private:
  std::string Body() const {
    Json body = {{"apiVersion", "policy/v1"},
                 {"kind", "Eviction"},
                 {"metadata", {{"name", pod_.name}, {"namespace", pod_.ns}}}};
    Json options = Json::object();
    if (evict_.grace) options["gracePeriodSeconds"] = evict_.grace->count();
    if (!pod_.uid.empty()) options["preconditions"] = {{"uid", pod_.uid}};
    if (!options.empty()) body["deleteOptions"] = std::move(options);
    return Dump(body);
  }

  void OnAnswer(const Status& status) {
    const bool gone = status.code() == StatusCode::kNotFound ||
                      // Another pod of that name: the precondition is its uid.
                      (status.code() == StatusCode::kAborted && !pod_.uid.empty());
    if (status.ok() || gone) return done_(OkStatus());
    if (status.code() == StatusCode::kDeadlineExceeded && !refusal_.ok()) return done_(refusal_);
    const bool refused = status.info() != nullptr && status.info()->name == kDisruptionBudget;
    const bool again = MayRepeat(status) && ++failures_ < kMaxFailures;
    const bool waits = evict_.budget_pause > Duration(0) && left_.Allows(evict_.budget_pause);
    if (!waits || !(refused || again)) return done_(status);
    if (refused) refusal_ = status;
    client_.PauseAsync(evict_.budget_pause, left_.Options(),
                       [self = shared_from_this()](Status paused) {
                         if (!paused.ok()) return self->done_(std::move(paused));
                         self->Try();
                       });
  }

  // The client does not repeat creations; an eviction of a pod that is known by its uid may be.
  bool MayRepeat(const Status& status) const { return !pod_.uid.empty() && IsTransient(status); }

  static constexpr int kMaxFailures = 5;

  Client& client_;
  const Pod pod_;
  const EvictOptions evict_;
  const TimeLeft left_;
  const std::function<void(Status)> done_;
  Status refusal_;  // a budget's; what is said when no time is left
  int failures_ = 0;
};

Json ToJson(const Toleration& toleration) {
  Json json = {{"operator", toleration.op}};
  if (!toleration.key.empty()) json["key"] = toleration.key;
  if (!toleration.value.empty()) json["value"] = toleration.value;
  if (!toleration.effect.empty()) json["effect"] = toleration.effect;
  return json;
}

// "Equal" is what the API means by no operator.
bool Same(const Json& known, const Toleration& toleration) {
  const std::string op = TextAt(known, {"operator"});
  return TextAt(known, {"key"}) == toleration.key && TextAt(known, {"value"}) == toleration.value &&
         TextAt(known, {"effect"}) == toleration.effect &&
         (op.empty() ? "Equal" : op) == toleration.op &&
         Find(known, {"tolerationSeconds"}) == nullptr;
}

class PodsImpl final : public Pods {
 public:
  explicit PodsImpl(Client& client) : client_(client) {}

  void ListOnNodeAsync(std::string node, CallOptions options,
                       std::function<void(StatusOr<std::vector<Pod>>)> done) override {
    ListAllAsync(client_, {.resource = kPods, .field_selector = "spec.nodeName=" + node},
                 std::move(options),
                 [done = std::move(done)](const StatusOr<std::vector<std::string>>& items) {
                   if (!items.ok()) return done(items.status());
                   std::vector<Pod> pods;
                   for (const std::string& item : *items) {
                     if (const auto pod = ParseJson(item); pod.ok()) pods.push_back(ToPod(*pod));
                   }
                   done(std::move(pods));
                 });
  }

  void EvictAsync(Pod pod, EvictOptions evict, CallOptions options,
                  std::function<void(Status)> done) override {
    std::make_shared<Eviction>(client_, std::move(pod), evict, std::move(options), std::move(done))
        ->Try();
  }

  void AddTolerationAsync(std::string ns, std::string name, Toleration toleration,
                          CallOptions options, std::function<void(Status)> done) override {
    ModifyAsync(
        client_, {.resource = kPods, .ns = std::move(ns), .name = std::move(name)},
        [toleration = std::move(toleration)](const Json& pod) -> std::optional<Json> {
          const Json* known = Find(pod, {"spec", "tolerations"});
          Json list = known != nullptr && known->is_array() ? *known : Json::array();
          for (const Json& one : list) {
            if (Same(one, toleration)) return std::nullopt;
          }
          list.push_back(ToJson(toleration));
          return Json{{"spec", {{"tolerations", std::move(list)}}}};
        },
        std::move(options),
        [done = std::move(done)](const StatusOr<Json>& pod) { done(pod.status()); });
  }

 private:
  Client& client_;
};

}  // namespace

StatusOr<std::vector<Pod>> Pods::ListOnNode(std::string node, CallOptions options) {
  return internal::Await<StatusOr<std::vector<Pod>>>(
      std::move(options), [&](CallOptions inner, auto done) {
        ListOnNodeAsync(std::move(node), std::move(inner), std::move(done));
      });
}

Status Pods::Evict(Pod pod, EvictOptions evict, CallOptions options) {
  return internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    EvictAsync(std::move(pod), evict, std::move(inner), std::move(done));
  });
}

Status Pods::AddToleration(std::string ns, std::string name, Toleration toleration,
                           CallOptions options) {
  return internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    AddTolerationAsync(std::move(ns), std::move(name), std::move(toleration), std::move(inner),
                       std::move(done));
  });
}

std::unique_ptr<Pods> MakePods(Client& client) { return std::make_unique<PodsImpl>(client); }

}  // namespace gsh::kubernetes
