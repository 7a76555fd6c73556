// A small HTTPS client on OpenSSL, for tests that want to see each byte.
#ifndef GSH_TESTS_INTEGRATION_HTTPS_CLIENT_H_
#define GSH_TESTS_INTEGRATION_HTTPS_CLIENT_H_

#include <string>

namespace gsh::testing {

struct HttpsAnswer {
  int code = 0;           // 0: there was none
  std::string head = {};  // status line and headers
  std::string body = {};
  std::string server = {};  // the common name in its certificate
};

// One GET over a connection of its own to 127.0.0.1; the certificate is not checked. `headers` are
// lines with their ends.
HttpsAnswer HttpsGet(int port, const std::string& target, const std::string& headers = "");

// "Authorization: Basic ...\r\n".
std::string BasicLogin(const std::string& name, const std::string& password);

}  // namespace gsh::testing

#endif  // GSH_TESTS_INTEGRATION_HTTPS_CLIENT_H_
