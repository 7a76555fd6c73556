// Clients of the shared API server, as users of the library make them.
#ifndef GSH_TESTS_INTEGRATION_KUBERNETES_CLIENTS_H_
#define GSH_TESTS_INTEGRATION_KUBERNETES_CLIENTS_H_

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "gsh/kubernetes/client.h"
#include "tests/integration/kubernetes/api_server.h"

namespace gsh::kubernetes_test {

// `endpoint`: a way to `server`; empty: its own.
inline kubernetes::KubernetesOptions OptionsFor(
    std::shared_ptr<kubernetes::CredentialSource> credentials, const std::string& endpoint = {},
    const ApiServer& server = SharedApiServer()) {
  return {.cluster = {.server = "https://" + (endpoint.empty() ? server.endpoint() : endpoint),
                      .ca_file = server.ca_file(),
                      .credentials = std::move(credentials)},
          .retry = {.initial_backoff = std::chrono::milliseconds(1),
                    .max_backoff = std::chrono::milliseconds(50),
                    .budget = 0}};
}

inline std::unique_ptr<kubernetes::Client> Connect(kubernetes::KubernetesOptions options) {
  auto client = kubernetes::MakeClient(std::move(options));
  if (!client.ok()) throw std::runtime_error(client.status().ToString());
  return *std::move(client);
}

// The owner of that token; the administrator without one.
inline std::unique_ptr<kubernetes::Client> ClientOf(const std::string& token = {}) {
  return Connect(
      OptionsFor(kubernetes::MakeToken(token.empty() ? SharedApiServer().admin_token() : token)));
}

}  // namespace gsh::kubernetes_test

#endif  // GSH_TESTS_INTEGRATION_KUBERNETES_CLIENTS_H_
