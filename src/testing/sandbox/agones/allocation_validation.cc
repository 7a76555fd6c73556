#include "src/testing/sandbox/agones/allocation_validation.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "src/testing/sandbox/agones/labels.h"

// Older clients send the deprecated selectors only.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace gsh::sandbox {
namespace {

constexpr int kUnprocessableEntity = 422;
constexpr std::size_t kMaxAnnotationBytes = 256 * 1024;
constexpr char kNegative[] = "must be greater than or equal to 0";

// The mistakes found so far, each with the field that has it.
class Mistakes {
 public:
  void Add(const std::string& field, const std::string& value, const std::string& what) {
    found_.push_back(field + ": Invalid value: \"" + value + "\": " + what);
  }
  void AddIfNegative(const std::string& field, std::int64_t value) {
    if (value < 0) Add(field, std::to_string(value), kNegative);
  }
  // Bounds of which 0 means none.
  void AddBounds(const std::string& path, const std::string& name, std::int64_t min,
                 std::int64_t max) {
    AddIfNegative(path + ".min" + name, min);
    AddIfNegative(path + ".max" + name, max);
    if (max != 0 && max < min) {
      Add(path, std::to_string(max), "max" + name + " must be zero or at least min" + name);
    }
  }

  grpc::Status ToStatus() const {
    if (found_.empty()) return grpc::Status::OK;
    std::string all;
    for (const std::string& mistake : found_) all += (all.empty() ? "" : ", ") + mistake;
    if (found_.size() > 1) all = "[" + all + "]";
    return {static_cast<grpc::StatusCode>(kUnprocessableEntity),
            "GameServerAllocation.allocation.agones.dev \"\" is invalid: " + all};
  }

 private:
  std::vector<std::string> found_;
};

void CheckMatchLabels(const wire_allocation::GameServerSelector& selector, const std::string& path,
                      Mistakes& mistakes) {
  for (const auto& [key, value] : selector.matchlabels()) {
    if (const auto error = QualifiedNameError(key); !error.empty()) {
      mistakes.Add(path + ".labelSelector", key, error);
    }
    if (const auto error = LabelValueError(value); !error.empty()) {
      mistakes.Add(path + ".labelSelector", value, error);
    }
  }
}

void CheckSelector(const wire_allocation::GameServerSelector& selector, const std::string& path,
                   Mistakes& mistakes) {
  CheckMatchLabels(selector, path, mistakes);
  if (selector.has_players()) {
    const auto min = static_cast<std::int64_t>(selector.players().minavailable());
    const auto max = static_cast<std::int64_t>(selector.players().maxavailable());
    mistakes.AddIfNegative(path + ".players.minAvailable", min);
    mistakes.AddIfNegative(path + ".players.maxAvailable", max);
    if (min > max) {
      mistakes.Add(path + ".players.minAvailable", std::to_string(min),
                   "minAvailable cannot be greater than maxAvailable");
    }
  }
  for (const auto& [key, counter] : selector.counters()) {
    const std::string at = path + ".counters[" + key + "]";
    mistakes.AddBounds(at, "Count", counter.mincount(), counter.maxcount());
    mistakes.AddBounds(at, "Available", counter.minavailable(), counter.maxavailable());
  }
  for (const auto& [key, list] : selector.lists()) {
    mistakes.AddBounds(path + ".lists[" + key + "]", "Available", list.minavailable(),
                       list.maxavailable());
  }
}

void CheckActions(const wire_allocation::AllocationRequest& request, Mistakes& mistakes) {
  for (const auto& [key, action] : request.counters()) {
    const std::string at = "spec.counters[" + key + "]";
    if (action.has_amount()) mistakes.AddIfNegative(at + ".amount", action.amount().value());
    if (action.has_capacity()) mistakes.AddIfNegative(at + ".capacity", action.capacity().value());
    if (action.has_amount() != action.has_action()) {
      mistakes.Add(at, action.action().value(), "action and amount need each other");
    }
  }
  for (const auto& [key, action] : request.lists()) {
    if (action.has_capacity()) {
      mistakes.AddIfNegative("spec.lists[" + key + "].capacity", action.capacity().value());
    }
  }
  int index = 0;
  for (const auto& priority : request.priorities()) {
    const std::string at = "spec.priorities[" + std::to_string(index++) + "]";
    if (priority.key().empty()) mistakes.Add(at, "", "key must not be nil");
  }
}

void CheckMetadata(const wire_allocation::MetaPatch& metadata, Mistakes& mistakes) {
  for (const auto& [key, value] : metadata.labels()) {
    if (const auto error = QualifiedNameError(key); !error.empty()) {
      mistakes.Add("spec.metadata.labels", key, error);
    }
    if (const auto error = LabelValueError(value); !error.empty()) {
      mistakes.Add("spec.metadata.labels", value, error);
    }
  }
  std::size_t bytes = 0;
  for (const auto& [key, value] : metadata.annotations()) {
    bytes += key.size() + value.size();
    std::string lower = key;  // unlike a label's, an annotation's prefix may have capitals
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    if (const auto error = QualifiedNameError(lower); !error.empty()) {
      mistakes.Add("spec.metadata.annotations", key, error);
    }
  }
  if (bytes > kMaxAnnotationBytes) {
    mistakes.Add("spec.metadata.annotations", std::to_string(bytes) + " bytes",
                 "must be no more than 262144 bytes");
  }
}

}  // namespace

grpc::Status ValidateAllocation(const wire_allocation::AllocationRequest& request) {
  Mistakes mistakes;
  CheckSelector(request.requiredgameserverselector(), "spec.required", mistakes);
  int index = 0;
  for (const auto& selector : request.preferredgameserverselectors()) {
    CheckSelector(selector, "spec.preferred[" + std::to_string(index++) + "]", mistakes);
  }
  index = 0;
  for (const auto& selector : request.gameserverselectors()) {
    CheckSelector(selector, "spec.selectors[" + std::to_string(index++) + "]", mistakes);
  }
  CheckActions(request, mistakes);
  CheckMetadata(MetadataOf(request), mistakes);
  return mistakes.ToStatus();
}

const wire_allocation::MetaPatch& MetadataOf(const wire_allocation::AllocationRequest& request) {
  return request.has_metadata() ? request.metadata() : request.metapatch();
}

}  // namespace gsh::sandbox
