// KnownObjects: what a watch has told its user of, and so what is news.
#ifndef GSH_SRC_KUBERNETES_KNOWN_OBJECTS_H_
#define GSH_SRC_KUBERNETES_KNOWN_OBJECTS_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "gsh/kubernetes/watch.h"
#include "src/kubernetes/object_meta.h"

namespace gsh::kubernetes {

// Pure. Not thread-safe.
class KnownObjects {
 public:
  // A list begins: what is not seen until its end has gone.
  void BeginList() { ++list_; }
  // An object as it is now, from a list or an event. The changes that this means: none, one, or a
  // deletion and an addition.
  std::vector<Change> Saw(const ObjectMeta& meta, std::string object);
  std::vector<Change> Deleted(const ObjectMeta& meta, std::string object);
  // The deletions that happened unseen, and kSynced.
  std::vector<Change> EndList();
  std::size_t size() const { return objects_.size(); }

 private:
  struct Known {
    std::string uid;
    std::string resource_version;
    std::uint32_t list = 0;  // the one that it was seen in, or after
  };
  static std::string KeyOf(const ObjectMeta& meta) { return meta.ns + "/" + meta.name; }
  static Change Gone(const std::string& key, const Known& known);

  std::unordered_map<std::string, Known> objects_;
  std::uint32_t list_ = 0;
};

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_KNOWN_OBJECTS_H_
