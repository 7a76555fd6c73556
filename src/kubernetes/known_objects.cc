#include "src/kubernetes/known_objects.h"

#include <utility>

namespace gsh::kubernetes {
namespace {

Change ChangeOf(Change::Kind kind, const ObjectMeta& meta, std::string object) {
  return {
      .kind = kind, .ns = meta.ns, .name = meta.name, .uid = meta.uid, .object = std::move(object)};
}

}  // namespace

Change KnownObjects::Gone(const std::string& key, const Known& known) {
  const std::size_t slash = key.find('/');
  return {.kind = Change::Kind::kDeleted,
          .ns = key.substr(0, slash),
          .name = key.substr(slash + 1),
          .uid = known.uid};
}

std::vector<Change> KnownObjects::Saw(const ObjectMeta& meta, std::string object) {
  std::vector<Change> changes;
  const std::string key = KeyOf(meta);
  const auto [position, is_new] = objects_.try_emplace(key);
  Known& known = position->second;
  known.list = list_;
  const bool replaced = !is_new && known.uid != meta.uid;
  if (!is_new && !replaced && known.resource_version == meta.resource_version) return changes;
  if (replaced) changes.push_back(Gone(key, known));
  const auto kind = is_new || replaced ? Change::Kind::kAdded : Change::Kind::kModified;
  changes.push_back(ChangeOf(kind, meta, std::move(object)));
  known.uid = meta.uid;
  known.resource_version = meta.resource_version;
  return changes;
}

std::vector<Change> KnownObjects::Deleted(const ObjectMeta& meta, std::string object) {
  if (objects_.erase(KeyOf(meta)) == 0) return {};
  return {ChangeOf(Change::Kind::kDeleted, meta, std::move(object))};
}

std::vector<Change> KnownObjects::EndList() {
  std::vector<Change> changes;
  std::erase_if(objects_, [&](const auto& entry) {
    if (entry.second.list == list_) return false;
    changes.push_back(Gone(entry.first, entry.second));
    return true;
  });
  changes.push_back({.kind = Change::Kind::kSynced});
  return changes;
}

}  // namespace gsh::kubernetes
