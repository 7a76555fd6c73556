// Manifests: the objects of a kustomization, and where the API server keeps such objects.
#ifndef GSH_TESTS_INTEGRATION_KUBERNETES_MANIFESTS_H_
#define GSH_TESTS_INTEGRATION_KUBERNETES_MANIFESTS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/integration/kubernetes/api.h"

namespace gsh::kubernetes_test {

// The documents of a YAML file. std::runtime_error if it is not readable.
std::vector<nlohmann::json> ReadYaml(const std::string& file);

// What `kubectl kustomize` would make of the folder, as far as our own kustomizations need it:
// resources, namespace, images and JSON patches of one object; generated secrets are left out,
// because their files are the user's. std::runtime_error for anything else.
std::vector<nlohmann::json> ReadKustomization(const std::string& folder);

// "Deployment agones-openmatch/director", for messages.
std::string NameOf(const nlohmann::json& object);

// Where objects of this one's kind are, "/apis/apps/v1/namespaces/ns/deployments", as the shared
// API server's discovery has it. std::runtime_error for a kind that it does not know.
std::string CollectionOf(const nlohmann::json& object);

// Makes our definitions of Agones' resources known to the API server, unless it has them.
void InstallAgonesResources(Api& api = Admin());

// Creates the namespace unless it exists.
void EnsureNamespace(const std::string& name);

}  // namespace gsh::kubernetes_test

#endif  // GSH_TESTS_INTEGRATION_KUBERNETES_MANIFESTS_H_
