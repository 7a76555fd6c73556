#include "src/allocator_service/address_query.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "src/http/url.h"

namespace gsh::allocator_service {
namespace {

constexpr char kFleetLabel[] = "agones.dev/fleet";
constexpr char kRegionLabel[] = "region";
constexpr std::size_t kMaxQueryLabels = 16;

bool IsAlphanumeric(unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; }

// Kubernetes' rule for label values and the name part of keys (kubernetes:
// apimachinery/pkg/util/validation).
bool IsLabelText(std::string_view text) {
  return text.size() <= 63 && !text.empty() &&
         IsAlphanumeric(static_cast<unsigned char>(text.front())) &&
         IsAlphanumeric(static_cast<unsigned char>(text.back())) &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return IsAlphanumeric(c) || c == '-' || c == '_' || c == '.';
         });
}

bool IsLabelKey(std::string_view key) {
  const std::size_t slash = key.find('/');
  if (slash == key.npos) return IsLabelText(key);
  const std::string_view prefix = key.substr(0, slash);
  return !prefix.empty() && prefix.size() <= 253 && IsLabelText(key.substr(slash + 1)) &&
         std::all_of(prefix.begin(), prefix.end(), [](unsigned char c) {
           return (IsAlphanumeric(c) && std::isupper(c) == 0) || c == '-' || c == '.';
         });
}

bool IsLabelValue(std::string_view value) { return value.empty() || IsLabelText(value); }

Status Narrow(agones::Labels& labels, const std::string& key, const std::string& value) {
  const auto [found, added] = labels.emplace(key, value);
  if (added || found->second == value) return OkStatus();
  return InvalidArgumentError("label '" + key + "' cannot be chosen");
}

struct Parameter {
  std::string key;
  std::string value;
};

// Takes one "key=value" off the query.
std::optional<Parameter> TakeParameter(std::string_view& query) {
  const std::size_t end = std::min(query.find('&'), query.size());
  const std::string_view text = query.substr(0, end);
  query.remove_prefix(std::min(end + 1, query.size()));
  const std::size_t equals = std::min(text.find('='), text.size());
  auto key = http::PercentDecode(text.substr(0, equals), true);
  auto value = http::PercentDecode(text.substr(std::min(equals + 1, text.size())), true);
  if (!key || !value) return std::nullopt;
  return Parameter{*std::move(key), *std::move(value)};
}

}  // namespace

StatusOr<std::pair<std::string, std::string>> ParseLabel(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) return InvalidArgumentError("a label must be key=value");
  std::pair<std::string, std::string> label(text.substr(0, equals), text.substr(equals + 1));
  if (!IsLabelKey(label.first)) return InvalidArgumentError("this is no label's key");
  if (!IsLabelValue(label.second)) return InvalidArgumentError("this is no label's value");
  return label;
}

Status CheckSelection(const Selection& selection) {
  if (selection.ns.empty()) return InvalidArgumentError("--namespace: is empty");
  if (!IsLabelValue(selection.fleet)) return InvalidArgumentError("--fleet: is no label's value");
  if (!IsLabelValue(selection.region)) {
    return InvalidArgumentError("--region: is no label's value");
  }
  return OkStatus();
}

StatusOr<agones::AllocationRequest> RequestFor(const Selection& selection, std::string_view query) {
  agones::Labels labels = selection.labels;
  if (!selection.fleet.empty()) labels[kFleetLabel] = selection.fleet;
  std::string region = selection.region;
  std::size_t chosen = 0;
  while (!query.empty()) {
    const std::optional<Parameter> parameter = TakeParameter(query);
    if (!parameter) return InvalidArgumentError("the query has a bad escape");
    if (parameter->key == "region") {
      if (!IsLabelValue(parameter->value)) return InvalidArgumentError("this is no region");
      region = parameter->value;
    } else if (parameter->key == "label") {
      if (++chosen > kMaxQueryLabels) return InvalidArgumentError("too many labels");
      const auto label = ParseLabel(parameter->value);
      if (!label.ok()) return label.status();
      if (Status added = Narrow(labels, label->first, label->second); !added.ok()) return added;
    } else if (!parameter->key.empty()) {
      return InvalidArgumentError("only region and label are known");
    }
  }
  if (!region.empty()) {
    if (Status added = Narrow(labels, kRegionLabel, region); !added.ok()) return added;
  }
  return agones::AllocationRequest{.ns = selection.ns,
                                   .multicluster = selection.multicluster,
                                   .selectors = {{.match_labels = std::move(labels)}}};
}

}  // namespace gsh::allocator_service
