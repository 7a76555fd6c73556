// ObjectStore: objects with versions, their history, and who follows it: etcd and the watch cache.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_OBJECT_STORE_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_OBJECT_STORE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gsh/status.h"

namespace gsh::testing::kubernetes {

using Json = nlohmann::json;

// "agones.dev/gameservers", "/nodes".
using Kind = std::string;

struct ObjectEvent {
  std::uint64_t version = 0;
  const char* type = "";  // "ADDED", "MODIFIED", "DELETED"
  Kind kind = {};
  Json object = {};
  Json before = {};       // null for ADDED
  bool mirrored = false;  // by Mirror or Unmirror
};

// May be used from several threads at once. The Status's ErrorInfo::name is the API's reason.
class ObjectStore {
 public:
  // That many events are remembered, each with its object as it was and as it is.
  explicit ObjectStore(std::size_t max_history = 100'000) : max_history_(max_history) {}

  // Sets name (from generateName), uid, creationTimestamp and resourceVersion.
  StatusOr<Json> Create(const Kind& kind, Json object);
  StatusOr<Json> Get(const Kind& kind, const std::string& ns, const std::string& name) const;
  // `change` makes the new object of the old one, under the lock. A resourceVersion that it leaves
  // in the object and that is not the current one is a Conflict. The same as before is no event.
  StatusOr<Json> Update(const Kind& kind, const std::string& ns, const std::string& name,
                        const std::function<Status(Json&)>& change);
  StatusOr<Json> Delete(const Kind& kind, const std::string& ns, const std::string& name,
                        const std::string& uid = {});

  // For objects that are kept elsewhere, of which those here are an image: creates or replaces one,
  // its uid and creationTimestamp included, and deletes it if it is there.
  void Mirror(const Kind& kind, Json object);
  void Unmirror(const Kind& kind, const std::string& ns, const std::string& name);

  struct Listed {
    std::vector<Json> items;  // by namespace and name
    std::uint64_t version = 0;
    std::string next;  // key of the first one that was left out; empty: none
  };
  // Those of `ns` (empty: all) from the key `from` on, `limit` (0: no bound) that match.
  Listed List(const Kind& kind, const std::string& ns, const std::string& from, std::size_t limit,
              const std::function<bool(const Json&)>& matches) const;

  // Gives all events after `version`, then each as it happens, in order, under the store's lock.
  // Empty if that version is forgotten.
  std::optional<std::uint64_t> Follow(std::uint64_t version,
                                      std::function<void(const ObjectEvent&)> on_event);
  void Unfollow(std::uint64_t follower);

  std::uint64_t version() const;
  // Lists and watches that want to go on from before now get "Expired".
  void ForgetHistory();
  bool Remembers(std::uint64_t version) const;

 private:
  void Happened(ObjectEvent event);
  Json* Find(const Kind& kind, const std::string& ns, const std::string& name);
  static std::string KeyOf(const std::string& ns, const std::string& name) {
    return ns + "/" + name;
  }

  const std::size_t max_history_;
  mutable std::mutex mutex_;
  std::map<Kind, std::map<std::string, Json>> objects_;
  std::deque<ObjectEvent> history_;
  // As of a cluster that is not new: small numbers are too old.
  std::uint64_t forgotten_ = 1000;  // the newest version that is not in history_
  std::uint64_t version_ = 1000;
  std::uint64_t uids_ = 0;
  std::uint64_t followers_made_ = 0;
  std::map<std::uint64_t, std::function<void(const ObjectEvent&)>> followers_;
};

// An error as the API names it.
Status ApiError(StatusCode code, std::string reason, std::string message);

}  // namespace gsh::testing::kubernetes

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_OBJECT_STORE_H_
