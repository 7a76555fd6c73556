#include "src/testing/sandbox/kubernetes_side/manifests.h"

#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "src/rpc/common/base64.h"
#include "src/testing/certificates.h"
#include "src/testing/sandbox/sandbox_files.h"

namespace gsh::sandbox {
namespace {

namespace fs = std::filesystem;
using testing::kubernetes::Json;
using testing::kubernetes::ObjectEvent;

constexpr char kPolicies[] = "multicluster.agones.dev/gameserverallocationpolicies";
constexpr char kSecrets[] = "/secrets";
constexpr unsigned kPublic = 0644;
constexpr unsigned kPrivate = 0600;

bool IsDeleted(const ObjectEvent& event) { return std::string_view(event.type) == "DELETED"; }

std::string TextOf(const Json& object, const char* key) {
  const Json text = object["metadata"].value(key, Json());
  return text.is_string() ? text.get<std::string>() : std::string();
}

// As part of a path: what Kubernetes allows as a name, or as a secret's key.
bool IsFileName(std::string_view name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  return !name.empty() && name.front() != '.' &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

Manifests::Manifests(testing::kubernetes::ObjectStore& store, std::string dir, LogSink* log)
    : store_(store), dir_(std::move(dir)), log_(log) {
  LoadPolicies();
  follower_ = *store_.Follow(store_.version(), [this](const ObjectEvent& e) { OnObject(e); });
}

Manifests::~Manifests() { store_.Unfollow(follower_); }

void Manifests::LoadPolicies() {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(dir_ + "/policies", error)) {
    std::ifstream in(entry.path());
    Json policy = Json::parse(in, nullptr, false);
    if (entry.path().extension() != ".json" || !policy.is_object()) continue;
    if (!policy["metadata"].is_object() || TextOf(policy, "name").empty()) continue;
    const std::string key = TextOf(policy, "namespace") + "/" + TextOf(policy, "name");
    policy_files_[key] = entry.path().string();
    policy["metadata"]["uid"] = key;
    store_.Mirror(kPolicies, std::move(policy));
  }
}

void Manifests::OnObject(const ObjectEvent& event) {
  Status status;
  if (event.kind == kPolicies) status = OnPolicy(event);
  if (event.kind == kSecrets) status = OnSecret(event);
  if (status.ok()) return;
  Log(log_, LogLevel::kWarning, "an object does not count",
      {{"kind", event.kind}, {"name", TextOf(event.object, "name")}, {"why", status.message()}});
}

Status Manifests::OnPolicy(const ObjectEvent& event) {
  const std::string ns = TextOf(event.object, "namespace");
  const std::string name = TextOf(event.object, "name");
  if (!IsFileName(ns) || !IsFileName(name)) return InvalidArgumentError("its name is none");
  // No name has an underscore: nobody else's file.
  std::string& file =
      policy_files_.try_emplace(ns + "/" + name, dir_ + "/policies/" + ns + "_" + name + ".json")
          .first->second;
  if (!IsDeleted(event)) {
    return testing::WriteFileAtomically(file, event.object.dump(2) + "\n", kPublic);
  }
  std::error_code ignored;
  fs::remove(file, ignored);
  policy_files_.erase(ns + "/" + name);
  return OkStatus();
}

Status Manifests::OnSecret(const ObjectEvent& event) const {
  const std::string ns = TextOf(event.object, "namespace");
  const std::string name = TextOf(event.object, "name");
  if (!IsFileName(ns) || !IsFileName(name)) return InvalidArgumentError("its name is none");
  const std::string folder = dir_ + "/secrets/" + ns + "/" + name;
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  if (IsDeleted(event)) return OkStatus();
  if (Status status = MakeDirectory(folder); !status.ok()) return status;
  const Json data = event.object.value("data", Json::object());
  for (const auto& [key, value] : data.items()) {
    const auto bytes =
        value.is_string() ? rpc::Base64DecodeLines(value.get<std::string>()) : std::nullopt;
    if (!IsFileName(key) || !bytes) return InvalidArgumentError("data." + key + ": no bytes");
    Status status = testing::WriteFileAtomically(folder + "/" + key, *bytes, kPrivate);
    if (!status.ok()) return status;
  }
  return OkStatus();
}

}  // namespace gsh::sandbox
