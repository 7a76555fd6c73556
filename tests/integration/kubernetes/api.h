// Api: plain HTTPS calls with JSON to a Kubernetes API server, as one user.
#ifndef GSH_TESTS_INTEGRATION_KUBERNETES_API_H_
#define GSH_TESTS_INTEGRATION_KUBERNETES_API_H_

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "src/http/client/client.h"

namespace gsh::kubernetes_test {

class ApiServer;

struct ApiOptions {
  std::string endpoint = {};
  std::string ca_file = {};
  std::string token = {};
};

struct ApiRequest {
  std::string method = "GET";
  std::string path = {};  // and query
  std::string body = {};
  std::string content_type = "application/json";
};

struct ApiAnswer {
  int code = 0;  // 0: none came
  nlohmann::json body = {};
  http::Headers headers = {};

  bool ok() const { return code >= 200 && code < 300; }
};

// What a failed expectation shows.
void PrintTo(const ApiAnswer& answer, std::ostream* out);

// One attempt each; blocks. May be used from several threads.
class Api {
 public:
  explicit Api(const ApiOptions& options);

  ApiAnswer Call(ApiRequest request);
  ApiAnswer Get(const std::string& path) { return Call({.path = path}); }
  ApiAnswer Post(const std::string& path, const nlohmann::json& body) {
    return Call({.method = "POST", .path = path, .body = body.dump()});
  }
  ApiAnswer Put(const std::string& path, const nlohmann::json& body) {
    return Call({.method = "PUT", .path = path, .body = body.dump()});
  }
  // A JSON merge patch (RFC 7386).
  ApiAnswer Patch(const std::string& path, const nlohmann::json& body) {
    return Call({.method = "PATCH",
                 .path = path,
                 .body = body.dump(),
                 .content_type = "application/merge-patch+json"});
  }
  ApiAnswer Delete(const std::string& path) { return Call({.method = "DELETE", .path = path}); }

 private:
  const std::string token_;
  std::unique_ptr<http::Client> client_;
};

// The shared API server's administrator.
Api& Admin();
// Another's.
Api AdminOf(const ApiServer& server);

// A new namespace, whose name it returns.
std::string NewNamespace(Api& api = Admin());

// A new service account of `ns`, and a token that the API server gave it.
struct Account {
  std::string ns = {};
  std::string name = {};
  std::string uid = {};
  std::string token = {};
};
Account NewAccount(const std::string& ns, const std::string& name, Api& api = Admin());
// Of an account that exists.
std::string NewToken(const std::string& ns, const std::string& name, Api& api = Admin());
// Lets the account do everything in its namespace.
void MakeMaster(const Account& account, Api& api = Admin());
// The shared API server, as the owner of that token.
Api As(const std::string& token);

// Whether `done` comes true, asked often for a while.
bool Eventually(const std::function<bool()>& done);

}  // namespace gsh::kubernetes_test

#endif  // GSH_TESTS_INTEGRATION_KUBERNETES_API_H_
