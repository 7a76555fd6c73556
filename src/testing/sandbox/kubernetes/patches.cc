#include "src/testing/sandbox/kubernetes/patches.h"

#include <algorithm>
#include <exception>

namespace gsh::testing::kubernetes {
namespace {

void MergeConditions(const Json& patch, Json& list) {
  if (!list.is_array()) list = Json::array();
  for (const Json& condition : patch) {
    const auto same = std::ranges::find_if(list, [&](const Json& known) {
      return known.is_object() && condition.is_object() &&
             known.value("type", "") == condition.value("type", "");
    });
    if (same == list.end()) {
      list.push_back(condition);
    } else {
      same->merge_patch(condition);
    }
  }
}

void MergeStrategically(const Json& patch, Json& object) {
  if (!patch.is_object()) {
    object = patch;
    return;
  }
  if (!object.is_object()) object = Json::object();
  for (const auto& [key, value] : patch.items()) {
    if (value.is_null()) {
      object.erase(key);
    } else if (key == "conditions" && value.is_array()) {
      MergeConditions(value, object[key]);
    } else {
      MergeStrategically(value, object[key]);
    }
  }
}

Status Apply(const std::string& content_type, const Json& patch, Json& object) {
  if (content_type == "application/merge-patch+json") {
    object.merge_patch(patch);
  } else if (content_type == "application/strategic-merge-patch+json") {
    MergeStrategically(patch, object);
  } else if (content_type == "application/json-patch+json") {
    object = object.patch(patch);
  } else {
    return ApiError(StatusCode::kInvalidArgument, "UnsupportedMediaType",
                    "the body of the request was in an unknown format");
  }
  return OkStatus();
}

}  // namespace

Status ApplyPatch(const std::string& content_type, const std::string& patch, Json& object) {
  try {
    return Apply(content_type, Json::parse(patch), object);
  } catch (const std::exception& error) {
    return ApiError(StatusCode::kInvalidArgument, "Invalid", error.what());
  }
}

}  // namespace gsh::testing::kubernetes
