#include "src/testing/sandbox/kubernetes/object_store.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace gsh::testing::kubernetes {
namespace {

std::string Text(const Json& object, const char* key) {
  const auto& meta = object.find("metadata");
  if (meta == object.end() || !meta->is_object()) return {};
  const auto& found = meta->find(key);
  return found != meta->end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string NewUid(std::uint64_t number) {
  std::array<char, 48> text = {};
  std::snprintf(text.data(), text.size(), "00000000-0000-4000-8000-%012llx",
                static_cast<unsigned long long>(number));
  return text.data();
}

std::string Quoted(const Kind& kind, const std::string& name) {
  return kind.substr(kind.find('/') + 1) + " \"" + name + "\"";
}

Status NotFound(const Kind& kind, const std::string& name) {
  return ApiError(StatusCode::kNotFound, "NotFound", Quoted(kind, name) + " not found");
}

Status Conflict(const Kind& kind, const std::string& name) {
  return ApiError(StatusCode::kAborted, "Conflict",
                  "Operation cannot be fulfilled on " + Quoted(kind, name) +
                      ": the object has been modified; please apply your changes to the latest "
                      "version and try again");
}

// Labels and annotations are maps of texts.
Status CheckMetadata(const Json& object) {
  const Json metadata = object.value("metadata", Json::object());
  if (!metadata.is_object()) {
    return ApiError(StatusCode::kInvalidArgument, "BadRequest", "the object has no metadata");
  }
  for (const char* const key : {"labels", "annotations"}) {
    const Json map = metadata.value(key, Json());
    const bool fine = map.is_null() ||
                      (map.is_object() &&
                       std::ranges::all_of(map, [](const Json& text) { return text.is_string(); }));
    if (fine) continue;
    return ApiError(StatusCode::kInvalidArgument, "BadRequest",
                    std::string("metadata.") + key + ": not a map of texts");
  }
  return OkStatus();
}

}  // namespace

Status ApiError(StatusCode code, std::string reason, std::string message) {
  ErrorInfo info;
  info.name = std::move(reason);
  return Status(code, std::move(message), std::move(info));
}

StatusOr<Json> ObjectStore::Create(const Kind& kind, Json object) {
  if (Status status = CheckMetadata(object); !status.ok()) return status;
  std::lock_guard lock(mutex_);
  ++uids_;
  Json& meta = object["metadata"];
  std::string name = Text(object, "name");
  if (name.empty() && !Text(object, "generateName").empty()) {
    name = Text(object, "generateName") + NewUid(uids_).substr(31);
    meta["name"] = name;
  }
  if (name.empty()) {
    return ApiError(StatusCode::kInvalidArgument, "Invalid",
                    "metadata.name: Required value: name or generateName is required");
  }
  const std::string key = KeyOf(Text(object, "namespace"), name);
  if (objects_[kind].contains(key)) {
    return ApiError(StatusCode::kAlreadyExists, "AlreadyExists",
                    Quoted(kind, name) + " already exists");
  }
  meta["uid"] = NewUid(uids_);
  meta["creationTimestamp"] = "2026-01-01T00:00:00Z";
  meta["resourceVersion"] = std::to_string(version_ + 1);
  objects_[kind][key] = object;
  Happened({.type = "ADDED", .kind = kind, .object = object});
  return object;
}

Json* ObjectStore::Find(const Kind& kind, const std::string& ns, const std::string& name) {
  const auto of_kind = objects_.find(kind);
  if (of_kind == objects_.end()) return nullptr;
  const auto found = of_kind->second.find(KeyOf(ns, name));
  return found == of_kind->second.end() ? nullptr : &found->second;
}

StatusOr<Json> ObjectStore::Get(const Kind& kind, const std::string& ns,
                                const std::string& name) const {
  std::lock_guard lock(mutex_);
  const Json* found = const_cast<ObjectStore*>(this)->Find(kind, ns, name);
  if (found == nullptr) return NotFound(kind, name);
  return *found;
}

StatusOr<Json> ObjectStore::Update(const Kind& kind, const std::string& ns, const std::string& name,
                                   const std::function<Status(Json&)>& change) {
  std::lock_guard lock(mutex_);
  Json* const found = Find(kind, ns, name);
  if (found == nullptr) return NotFound(kind, name);
  Json changed = *found;
  if (Status status = change(changed); !status.ok()) return status;
  if (!changed.is_object() || !changed.contains("metadata")) {
    return ApiError(StatusCode::kInvalidArgument, "BadRequest", "the object has no metadata");
  }
  if (Status status = CheckMetadata(changed); !status.ok()) return status;
  const std::string current = Text(*found, "resourceVersion");
  const std::string wanted = Text(changed, "resourceVersion");
  if (!wanted.empty() && wanted != current) return Conflict(kind, name);
  for (const char* fixed : {"uid", "name", "namespace", "creationTimestamp", "resourceVersion"}) {
    if (found->at("metadata").contains(fixed)) {
      changed["metadata"][fixed] = found->at("metadata")[fixed];
    }
  }
  if (changed == *found) return changed;
  changed["metadata"]["resourceVersion"] = std::to_string(version_ + 1);
  Json before = std::exchange(*found, changed);
  Happened({.type = "MODIFIED", .kind = kind, .object = changed, .before = std::move(before)});
  return changed;
}

StatusOr<Json> ObjectStore::Delete(const Kind& kind, const std::string& ns, const std::string& name,
                                   const std::string& uid) {
  std::lock_guard lock(mutex_);
  const Json* const found = Find(kind, ns, name);
  if (found == nullptr) return NotFound(kind, name);
  if (!uid.empty() && uid != Text(*found, "uid")) return Conflict(kind, name);
  Json object = *found;
  Json before = object;
  objects_[kind].erase(KeyOf(ns, name));
  object["metadata"]["resourceVersion"] = std::to_string(version_ + 1);
  Happened({.type = "DELETED", .kind = kind, .object = object, .before = std::move(before)});
  return object;
}

void ObjectStore::Mirror(const Kind& kind, Json object) {
  std::lock_guard lock(mutex_);
  Json& kept = objects_[kind][KeyOf(Text(object, "namespace"), Text(object, "name"))];
  const bool is_new = kept.is_null();
  object["metadata"]["resourceVersion"] = is_new ? "" : Text(kept, "resourceVersion");
  if (object == kept) return;
  object["metadata"]["resourceVersion"] = std::to_string(version_ + 1);
  Json before = std::exchange(kept, object);
  Happened({.type = is_new ? "ADDED" : "MODIFIED",
            .kind = kind,
            .object = std::move(object),
            .before = std::move(before),
            .mirrored = true});
}

void ObjectStore::Unmirror(const Kind& kind, const std::string& ns, const std::string& name) {
  std::lock_guard lock(mutex_);
  const Json* const found = Find(kind, ns, name);
  if (found == nullptr) return;
  Json before = *found;
  Json object = before;
  objects_[kind].erase(KeyOf(ns, name));
  object["metadata"]["resourceVersion"] = std::to_string(version_ + 1);
  Happened({.type = "DELETED",
            .kind = kind,
            .object = std::move(object),
            .before = std::move(before),
            .mirrored = true});
}

ObjectStore::Listed ObjectStore::List(const Kind& kind, const std::string& ns,
                                      const std::string& from, std::size_t limit,
                                      const std::function<bool(const Json&)>& matches) const {
  std::lock_guard lock(mutex_);
  Listed listed{.items = {}, .version = version_, .next = {}};
  const auto of_kind = objects_.find(kind);
  if (of_kind == objects_.end()) return listed;
  for (auto it = of_kind->second.lower_bound(from); it != of_kind->second.end(); ++it) {
    if (!ns.empty() && !it->first.starts_with(ns + "/")) continue;
    if (!matches(it->second)) continue;
    if (limit > 0 && listed.items.size() == limit) {
      listed.next = it->first;
      break;
    }
    listed.items.push_back(it->second);
  }
  return listed;
}

std::optional<std::uint64_t> ObjectStore::Follow(std::uint64_t version,
                                                 std::function<void(const ObjectEvent&)> on_event) {
  std::lock_guard lock(mutex_);
  if (version < forgotten_) return std::nullopt;
  for (const ObjectEvent& event : history_) {
    if (event.version > version) on_event(event);
  }
  followers_.emplace(++followers_made_, std::move(on_event));
  return followers_made_;
}

void ObjectStore::Unfollow(std::uint64_t follower) {
  std::lock_guard lock(mutex_);
  followers_.erase(follower);
}

std::uint64_t ObjectStore::version() const {
  std::lock_guard lock(mutex_);
  return version_;
}

void ObjectStore::ForgetHistory() {
  std::lock_guard lock(mutex_);
  history_.clear();
  forgotten_ = version_;
}

bool ObjectStore::Remembers(std::uint64_t version) const {
  std::lock_guard lock(mutex_);
  return version >= forgotten_;
}

void ObjectStore::Happened(ObjectEvent event) {
  event.version = ++version_;
  history_.push_back(std::move(event));
  if (history_.size() > max_history_) {
    forgotten_ = history_.front().version;
    history_.pop_front();
  }
  for (const auto& [id, on_event] : followers_) on_event(history_.back());
}

}  // namespace gsh::testing::kubernetes
