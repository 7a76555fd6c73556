#include "tests/integration/kubernetes/audit.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/integration/kubernetes/api.h"
#include "tests/integration/kubernetes/api_server.h"

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;

std::set<std::string> RightsIn(const std::string& user, bool allowed) {
  std::set<std::string> rights;
  std::ifstream log(SharedApiServer().audit_file());
  for (std::string line; std::getline(log, line);) {
    const Json event = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (event.is_discarded()) continue;  // still being written
    const Json object = event.value("objectRef", Json::object());
    if (event.at("user").value("username", "") != user || !object.contains("resource")) continue;
    const Json notes = event.value("annotations", Json::object());
    if ((notes.value("authorization.k8s.io/decision", "") == "allow") != allowed) continue;
    rights.insert(Right(event.at("verb"), object.value("apiGroup", ""), object.at("resource"),
                        object.value("subresource", ""), object.value("namespace", "")));
  }
  return rights;
}

Json Read(const std::string& path) {
  const ApiAnswer answer = Admin().Get(path);
  if (!answer.ok()) throw std::runtime_error(path + ": " + answer.body.dump());
  return answer.body;
}

// What one rule of a role grants in `ns`.
void Expand(const Json& rule, const std::string& ns, std::set<std::string>& rights) {
  for (const std::string verb : rule.at("verbs")) {
    for (const std::string group : rule.value("apiGroups", Json::array())) {
      for (const std::string resource : rule.value("resources", Json::array())) {
        const auto slash = resource.find('/');
        const bool whole = slash == std::string::npos;
        rights.insert(Right(verb, group, resource.substr(0, slash),
                            whole ? "" : resource.substr(slash + 1), ns));
      }
    }
  }
}

bool Names(const Json& binding, const std::string& ns, const std::string& account) {
  for (const Json& subject : binding.value("subjects", Json::array())) {
    if (subject.value("kind", "") == "ServiceAccount" && subject.value("namespace", "") == ns &&
        subject.value("name", "") == account) {
      return true;
    }
  }
  return false;
}

constexpr char kRbac[] = "/apis/rbac.authorization.k8s.io/v1/";

}  // namespace

std::string Right(const std::string& verb, const std::string& group, const std::string& resource,
                  const std::string& subresource, const std::string& ns) {
  std::string right = verb + " " + resource;
  if (!subresource.empty()) right += "/" + subresource;
  if (!group.empty()) right += "." + group;
  if (!ns.empty()) right += " in " + ns;
  return right;
}

std::set<std::string> RightsUsedBy(const std::string& user) { return RightsIn(user, true); }

std::set<std::string> RightsMissedBy(const std::string& user) { return RightsIn(user, false); }

std::set<std::string> RightsGrantedTo(const std::string& ns, const std::string& account) {
  std::set<std::string> rights;
  for (const char* const kind : {"rolebindings", "clusterrolebindings"}) {
    const Json bindings = Read(std::string(kRbac) + kind);
    for (const Json& binding : bindings.at("items")) {
      if (!Names(binding, ns, account)) continue;
      const Json& role = binding.at("roleRef");
      const std::string name = role.at("name");
      const std::string where = binding.at("metadata").value("namespace", "");
      const bool is_cluster_role = role.at("kind") == "ClusterRole";
      const std::string path =
          is_cluster_role ? "clusterroles/" + name : "namespaces/" + where + "/roles/" + name;
      const Json rules = Read(kRbac + path).at("rules");
      for (const Json& rule : rules) Expand(rule, where, rights);
    }
  }
  return rights;
}

}  // namespace gsh::kubernetes_test
