#include "src/kubernetes/api_path.h"

#include <string_view>
#include <utility>

#include "src/core/mistakes.h"
#include "src/http/client/percent_encode.h"

namespace gsh::kubernetes {
namespace {

std::string Collection(const std::string& prefix, const Resource& resource, const std::string& ns) {
  std::string path = prefix;
  if (resource.group.empty()) {
    path += "/api/";
  } else {
    path.append("/apis/").append(resource.group).append("/");
  }
  path += resource.version;
  if (resource.namespaced && !ns.empty()) path += "/namespaces/" + http::PercentEncode(ns);
  return path.append("/").append(resource.plural);
}

class Query {
 public:
  explicit Query(std::string& target) : target_(target) {}
  void Add(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    target_ += std::exchange(first_, false) ? '?' : '&';
    target_.append(key).append("=").append(http::PercentEncode(value));
  }

 private:
  std::string& target_;
  bool first_ = true;
};

// As the API's own rule for names that are parts of a path.
bool IsPathSegment(std::string_view name) {
  return !name.empty() && name.size() <= 253 && name != "." && name != ".." &&
         name.find_first_of("/%") == name.npos;
}

}  // namespace

std::string TargetOf(const std::string& prefix, const Request& request) {
  std::string target = Collection(prefix, request.resource, request.ns);
  if (!request.name.empty()) target += "/" + http::PercentEncode(request.name);
  if (!request.subresource.empty()) target += "/" + http::PercentEncode(request.subresource);
  Query query(target);
  query.Add("labelSelector", request.label_selector);
  query.Add("fieldSelector", request.field_selector);
  if (request.limit > 0) query.Add("limit", std::to_string(request.limit));
  query.Add("continue", request.continue_token);
  query.Add("resourceVersion", request.resource_version);
  if (request.dry_run) query.Add("dryRun", "All");
  query.Add("fieldManager", request.field_manager);
  return target;
}

std::string TargetOf(const std::string& prefix, const WatchRequest& request) {
  std::string target = Collection(prefix, request.resource, request.ns);
  Query query(target);
  query.Add("watch", "true");
  query.Add("allowWatchBookmarks", "true");
  query.Add("labelSelector", request.label_selector);
  query.Add("fieldSelector", request.field_selector);
  query.Add("resourceVersion", request.resource_version);
  if (request.timeout.count() > 0) {
    query.Add("timeoutSeconds", std::to_string(request.timeout.count()));
  }
  return target;
}

Status CheckRequest(const Request& request) {
  internal::Mistakes mistakes("Kubernetes request");
  const Resource& resource = request.resource;
  mistakes.Check(!resource.version.empty() && !resource.plural.empty(), "no resource");
  const bool collection =
      request.verb == Verb::kList || (request.verb == Verb::kCreate && request.subresource.empty());
  mistakes.Check(collection == request.name.empty(),
                 collection ? "a name that has no place here" : "no name");
  mistakes.Check(request.name.empty() || IsPathSegment(request.name), "a bad name");
  mistakes.Check(request.ns.empty() || IsPathSegment(request.ns), "a bad namespace");
  mistakes.Check(!resource.namespaced || !request.ns.empty() || request.verb == Verb::kList,
                 "no namespace");
  const bool writes = request.verb == Verb::kCreate || request.verb == Verb::kUpdate ||
                      request.verb == Verb::kPatch;
  mistakes.Check(!writes || !request.body.empty(), "no body");
  return mistakes.ToStatus();
}

}  // namespace gsh::kubernetes
