#include "tests/integration/kubernetes/api.h"

#include <chrono>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "src/core/await.h"
#include "tests/integration/kubernetes/api_server.h"

namespace gsh::kubernetes_test {
namespace {

constexpr rpc::Method kCall{"kubernetes", "Call", rpc::Idempotency::kOnce};

nlohmann::json OrThrow(const ApiAnswer& answer) {
  if (answer.ok()) return answer.body;
  throw std::runtime_error(std::to_string(answer.code) + " " + answer.body.dump());
}

}  // namespace

void PrintTo(const ApiAnswer& answer, std::ostream* out) {
  *out << answer.code << " " << answer.body.dump();
}

Api::Api(const ApiOptions& options) : token_(options.token) {
  auto client = http::Client::Make({.endpoint = options.endpoint,
                                    .tls = {.ca_file = options.ca_file},
                                    .retry = {.max_attempts = 1},
                                    .timeout = std::chrono::seconds(60)});
  if (!client.ok()) throw std::runtime_error(client.status().ToString());
  client_ = *std::move(client);
}

ApiAnswer Api::Call(ApiRequest request) {
  http::ClientRequest wire{.method = std::move(request.method),
                           .target = std::move(request.path),
                           .headers = {{"Accept", "application/json"}},
                           .body = std::move(request.body)};
  if (!token_.empty()) wire.headers.emplace_back("Authorization", "Bearer " + token_);
  if (!wire.body.empty()) wire.headers.emplace_back("Content-Type", request.content_type);
  auto response = std::make_shared<http::ClientResponse>();
  const Status sent = internal::Await<Status>({}, [&](CallOptions options, auto done) {
    client_->Send(kCall, std::move(wire), response, std::move(options), std::move(done));
  });
  if (response->code == 0) return {.body = sent.ToString()};
  ApiAnswer answer{.code = response->code, .headers = std::move(response->headers)};
  answer.body = nlohmann::json::parse(response->body, nullptr, /*allow_exceptions=*/false);
  if (answer.body.is_discarded()) answer.body = std::move(response->body);
  return answer;
}

Api AdminOf(const ApiServer& server) {
  return Api(
      {.endpoint = server.endpoint(), .ca_file = server.ca_file(), .token = server.admin_token()});
}

Api As(const std::string& token) {
  const ApiServer& server = SharedApiServer();
  return Api({.endpoint = server.endpoint(), .ca_file = server.ca_file(), .token = token});
}

Api& Admin() {
  static Api admin = AdminOf(SharedApiServer());
  return admin;
}

bool Eventually(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + testing::RunningProgram::kPatience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

std::string NewNamespace(Api& api) {
  const auto made =
      OrThrow(api.Post("/api/v1/namespaces", {{"metadata", {{"generateName", "test-"}}}}));
  return made.at("metadata").at("name");
}

std::string NewToken(const std::string& ns, const std::string& name, Api& api) {
  const std::string path = "/api/v1/namespaces/" + ns + "/serviceaccounts/" + name + "/token";
  return OrThrow(api.Post(path, {{"spec", nlohmann::json::object()}})).at("status").at("token");
}

Account NewAccount(const std::string& ns, const std::string& name, Api& api) {
  const auto made = OrThrow(
      api.Post("/api/v1/namespaces/" + ns + "/serviceaccounts", {{"metadata", {{"name", name}}}}));
  return {.ns = ns,
          .name = name,
          .uid = made.at("metadata").at("uid"),
          .token = NewToken(ns, name, api)};
}

void MakeMaster(const Account& account, Api& api) {
  OrThrow(api.Post(
      "/apis/rbac.authorization.k8s.io/v1/namespaces/" + account.ns + "/rolebindings",
      {{"metadata", {{"name", account.name}}},
       {"roleRef", {{"kind", "ClusterRole"}, {"name", "cluster-admin"}}},
       {"subjects",
        {{{"kind", "ServiceAccount"}, {"name", account.name}, {"namespace", account.ns}}}}}));
}

}  // namespace gsh::kubernetes_test
