#include "tests/integration/kubernetes/manifests.h"

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>

namespace gsh::kubernetes_test {
namespace {

using Json = nlohmann::json;

Json ScalarToJson(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // in quotes
  const bool octal = text.size() > 1 && text.front() == '0' &&
                     text.find_first_not_of("01234567") == std::string::npos;
  if (octal) return std::stoi(text, nullptr, 8);
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return value.is_discarded() ? Json(text) : value;
}

Json ToJson(const YAML::Node& node) {
  if (node.IsNull()) return nullptr;
  if (node.IsScalar()) return ScalarToJson(node);
  if (node.IsSequence()) {
    Json list = Json::array();
    for (const YAML::Node& item : node) list.push_back(ToJson(item));
    return list;
  }
  Json map = Json::object();
  for (const auto& entry : node) map[entry.first.Scalar()] = ToJson(entry.second);
  return map;
}

Json Read(const std::string& path) {
  const ApiAnswer answer = Admin().Get(path);
  if (!answer.ok()) throw std::runtime_error(path + ": " + answer.body.dump());
  return answer.body;
}

// The entry of the API server's discovery for a kind.
Json ResourceOf(const std::string& group_version, const std::string& kind) {
  const bool core = group_version.find('/') == std::string::npos;
  const Json resources = Read((core ? "/api/" : "/apis/") + group_version).at("resources");
  for (const Json& resource : resources) {
    const std::string name = resource.at("name");
    if (resource.at("kind") == kind && name.find('/') == std::string::npos) return resource;
  }
  throw std::runtime_error("the API server knows no " + kind + " in " + group_version);
}

void SetNamespace(Json& object, const std::string& ns) {
  if (!ResourceOf(object.at("apiVersion"), object.at("kind")).at("namespaced")) return;
  object["metadata"]["namespace"] = ns;
  if (object.at("kind") != "RoleBinding") return;
  for (Json& subject : object.at("subjects")) {
    if (subject.at("kind") == "ServiceAccount") subject["namespace"] = ns;
  }
}

// Wherever a list of containers is.
void SetImages(Json& value, const std::map<std::string, std::string>& images) {
  if (value.is_object() && value.contains("containers") && value["containers"].is_array()) {
    for (Json& container : value["containers"]) {
      const auto image = images.find(container.value("image", ""));
      if (image != images.end()) container["image"] = image->second;
    }
  }
  if (!value.is_structured()) return;
  for (Json& item : value) SetImages(item, images);
}

std::map<std::string, std::string> ImagesOf(const Json& kustomization) {
  std::map<std::string, std::string> images;
  for (const Json& image : kustomization.value("images", Json::array())) {
    const std::string name = image.at("name");
    images[name] = image.value("newName", name) + ":" + std::string(image.at("newTag"));
  }
  return images;
}

void CheckKeys(const Json& kustomization, const std::string& folder) {
  static const std::set<std::string> kKnown = {"apiVersion",       "kind",   "resources",
                                               "namespace",        "images", "secretGenerator",
                                               "generatorOptions", "patches"};
  for (const auto& [key, value] : kustomization.items()) {
    if (!kKnown.contains(key)) throw std::runtime_error(folder + ": what is " + key + "?");
  }
}

// RFC 6902, each of exactly one object.
void ApplyPatch(const Json& operations, const Json& target, std::vector<Json>& objects) {
  int patched = 0;
  for (Json& object : objects) {
    if (object.at("kind") != target.at("kind")) continue;
    if (object.at("metadata").at("name") != target.at("name")) continue;
    object = object.patch(operations);
    ++patched;
  }
  if (patched != 1) throw std::runtime_error("a patch of what is not there: " + target.dump());
}

}  // namespace

std::vector<Json> ReadYaml(const std::string& file) {
  std::vector<Json> documents;
  for (const YAML::Node& document : YAML::LoadAllFromFile(file)) {
    documents.push_back(ToJson(document));
  }
  return documents;
}

std::vector<Json> ReadKustomization(const std::string& folder) {
  const Json kustomization = ReadYaml(folder + "/kustomization.yaml").at(0);
  CheckKeys(kustomization, folder);
  std::vector<Json> objects;
  for (const std::string resource : kustomization.at("resources")) {
    const std::string path = folder + "/" + resource;
    const auto more =
        std::filesystem::is_directory(path) ? ReadKustomization(path) : ReadYaml(path);
    objects.insert(objects.end(), more.begin(), more.end());
  }
  for (const Json& patch : kustomization.value("patches", Json::array())) {
    const std::string file = patch.at("path");
    ApplyPatch(ReadYaml(folder + "/" + file).at(0), patch.at("target"), objects);
  }
  for (Json& object : objects) {
    if (kustomization.contains("namespace")) SetNamespace(object, kustomization["namespace"]);
    SetImages(object, ImagesOf(kustomization));
  }
  return objects;
}

std::string NameOf(const Json& object) {
  const Json& metadata = object.at("metadata");
  const std::string ns = metadata.value("namespace", "");
  return std::string(object.at("kind")) + " " + (ns.empty() ? "" : ns + "/") +
         std::string(metadata.at("name"));
}

std::string CollectionOf(const Json& object) {
  const std::string version = object.at("apiVersion");
  const Json resource = ResourceOf(version, object.at("kind"));
  std::string path = (version.find('/') == std::string::npos ? "/api/" : "/apis/") + version;
  if (resource.at("namespaced")) {
    path += "/namespaces/" + std::string(object.at("metadata").at("namespace"));
  }
  return path + "/" + std::string(resource.at("name"));
}

void InstallAgonesResources(Api& api) {
  constexpr char kPath[] = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  for (const auto& file :
       std::filesystem::directory_iterator(GSH_SOURCE_DIR "/tests/integration/kubernetes/crds")) {
    const Json definition = ReadYaml(file.path().string()).at(0);
    const ApiAnswer made = api.Post(std::string(kPath) + "?fieldValidation=Strict", definition);
    if (made.code == 409) continue;
    if (!made.ok()) throw std::runtime_error(file.path().string() + made.body.dump());
    const std::string served = "/apis/" + std::string(definition.at("spec").at("group")) + "/v1/" +
                               std::string(definition.at("spec").at("names").at("plural"));
    if (!Eventually([&] { return api.Get(served).ok(); })) {
      throw std::runtime_error(served + " is not there");
    }
  }
}

void EnsureNamespace(const std::string& name) {
  const ApiAnswer made = Admin().Post("/api/v1/namespaces", {{"metadata", {{"name", name}}}});
  if (!made.ok() && made.code != 409) throw std::runtime_error(made.body.dump());
}

}  // namespace gsh::kubernetes_test
