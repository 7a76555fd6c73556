// Watch: follows all objects of a kind and never misses a change.
#ifndef GSH_KUBERNETES_WATCH_H_
#define GSH_KUBERNETES_WATCH_H_

#include <functional>
#include <memory>
#include <string>

#include "gsh/export.h"
#include "gsh/kubernetes/client.h"

namespace gsh::kubernetes {

struct WatchOptions {
  Resource resource = {};
  std::string ns = {};  // empty: all
  std::string label_selector = {};
  std::string field_selector = {};
  int page_size = 500;  // of the lists
  // Pauses after failures.
  RetryOptions retry = {.initial_backoff = std::chrono::milliseconds(200),
                        .max_backoff = std::chrono::seconds(30)};
  std::shared_ptr<Executor> executor = {};  // runs on_change; null: the client's
  Rng* rng = nullptr;                       // SystemRng(); must outlive the watch
  LogSink* log = nullptr;                   // nowhere; must outlive the watch
};

struct Change {
  enum class Kind {
    kAdded,     // new to the watch
    kModified,  // another resourceVersion than the last one given
    kDeleted,
    kSynced,  // all that was there is given; after the first list and each later one
  };
  Kind kind = Kind::kAdded;
  std::string ns = {};
  std::string name = {};
  std::string uid = {};
  // JSON. Of a deletion its last state; empty if it went while nobody could watch.
  std::string object = {};
};

// Lists page by page, watches from there with bookmarks, goes on where it was after a disconnect,
// and, when the server has forgotten that place (410), lists again and gives the differences: who
// applies all changes always has what the server has, or had. An object that was replaced by
// another one of its name is a deletion and an addition. Of each object only its name, uid and
// version are kept.
class GSH_EXPORT Watch {
 public:
  // Stops; on_change does not run after this, unless it is what destroys the watch.
  virtual ~Watch() = default;
  // Since the last change or bookmark.
  virtual Duration age() const = 0;

  // Never gives up: what fails is repeated, and logged. `on_change` runs in order, one at a time.
  // `client` must outlive the watch.
  static std::unique_ptr<Watch> Start(Client& client, WatchOptions options,
                                      std::function<void(Change)> on_change);
};

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_WATCH_H_
