#include "src/testing/sandbox/agones/multicluster/policy_files.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace gsh::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxBytes = std::uintmax_t{1} << 20;  // as etcd takes

// Names of Kubernetes' objects; nothing that leaves the folder.
bool IsName(const std::string& text) {
  return !text.empty() && text.front() != '.' &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.'; });
}

}  // namespace

std::vector<AllocationPolicy> PolicyFiles::Find(const std::string& ns,
                                                const std::map<std::string, std::string>& labels) {
  std::vector<AllocationPolicy> found;
  if (dir_.empty()) return found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir_ + "/policies", error)) {
    if (entry.path().extension() != ".json") continue;
    auto policy = Read(entry.path().string());
    if (!policy.ok()) {
      Refuse(entry.path().string(), policy.status());
      continue;
    }
    const bool fits =
        std::includes(policy->labels.begin(), policy->labels.end(), labels.begin(), labels.end());
    if (policy->ns == ns && fits) found.push_back(*std::move(policy));
  }
  return found;
}

StatusOr<AllocationPolicy> PolicyFiles::Read(const std::string& file) const {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) return NotFoundError(error.message());
  if (size > kMaxBytes) return InvalidArgumentError("more than 1 MiB");
  std::ifstream in(file, std::ios::binary);
  return ParsePolicy({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
}

void PolicyFiles::Refuse(const std::string& file, const Status& status) {
  {
    std::lock_guard lock(mutex_);
    if (!refused_.insert(file + ": " + status.message()).second) return;
  }
  Log(log_, LogLevel::kWarning, "not a GameServerAllocationPolicy",
      {{"file", file}, {"reason", status.message()}});
}

StatusOr<TlsOptions> PolicyFiles::Secret(const std::string& ns, const std::string& name) const {
  const std::string folder = dir_ + "/secrets/" + ns + "/" + name;
  std::error_code error;
  if (dir_.empty() || !IsName(ns) || !IsName(name) || !fs::is_directory(folder, error)) {
    return UnknownError("secret \"" + name + "\" not found");
  }
  if (fs::is_empty(folder, error)) {
    return UnknownError("secret " + name + " does not have data");
  }
  TlsOptions tls{.cert_file = folder + "/tls.crt", .key_file = folder + "/tls.key"};
  if (!fs::exists(tls.cert_file, error) || !fs::exists(tls.key_file, error)) {
    return UnknownError("missing client certificate key pair in secret " + name);
  }
  if (fs::exists(folder + "/ca.crt", error)) tls.ca_file = folder + "/ca.crt";
  return tls;
}

}  // namespace gsh::sandbox
