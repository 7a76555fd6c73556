// ApiServer: the part of the Kubernetes API that this project uses, in the process, over HTTP:
// kept objects with versions, lists in pages, watches, merge and JSON patches, evictions under
// PodDisruptionBudgets, scale, and faults as scripted. What it does follows kube-apiserver 1.34,
// which the conformance suite checks; it has no RBAC, no admission and no defaults of its own.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_API_SERVER_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_API_SERVER_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gsh/log.h"
#include "gsh/status.h"
#include "src/http/server.h"
#include "src/testing/sandbox/kubernetes/object_store.h"

namespace gsh::testing::kubernetes {

struct ApiServerOptions {
  std::string address = "127.0.0.1:0";
  http::TlsContextFactory tls = {};  // empty: plaintext
  std::string token = {};            // that requests must bear; empty: none is asked for
  // API groups that others serve, by name: their requests go there once the token was checked.
  std::map<std::string, http::AsyncHandler> aggregated = {};
  std::size_t max_history = 100'000;  // see ObjectStore
  LogSink* log = nullptr;
};

// Answers in place of the server, as long as `times` lasts.
struct ApiFault {
  std::string method = {};  // "POST"; empty: any
  std::string path = {};    // a part of the target; empty: any
  int code = 500;
  std::string reason = "InternalError";
  std::string message = "scripted";
  std::string retry_after = {};  // the header; empty: none
  int times = 1;
  bool after = false;  // the request is done all the same
};

class ApiServer {
 public:
  static StatusOr<std::unique_ptr<ApiServer>> Start(ApiServerOptions options = {});
  ~ApiServer();

  std::string url() const;
  int port() const;
  ObjectStore& store();

  void Fail(ApiFault fault);
  void SetToken(std::string token);
  // Ends the connections of all watches: in the middle, or properly.
  void CutWatches();
  void EndWatches();
  // To all watches: the current version.
  void SendBookmarks();
  int watches() const;
  // "GET /api/v1/nodes?limit=5", since the last call.
  std::vector<std::string> TakeRequests();

 private:
  class Impl;
  explicit ApiServer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace gsh::testing::kubernetes

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_API_SERVER_H_
