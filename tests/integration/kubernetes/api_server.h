// ApiServer: a real Kubernetes API server with its etcd, on loopback, for the tests of this folder.
#ifndef GSH_TESTS_INTEGRATION_KUBERNETES_API_SERVER_H_
#define GSH_TESTS_INTEGRATION_KUBERNETES_API_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "src/testing/certificates.h"
#include "src/testing/temporary_directory.h"
#include "tests/support/running_program.h"

namespace gsh::kubernetes_test {

// RBAC is on, every request is in the audit log, and no controller, scheduler or kubelet runs: what
// those would do, a test does itself. Both processes die with the thread that made this one.
class ApiServer {
 public:
  // Blocks until it is ready. `flags` are further ones of kube-apiserver. Throws
  // std::runtime_error, with the end of its log, if it does not become so.
  explicit ApiServer(std::vector<std::string> flags = {});

  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_.number); }
  // Files: the authority that signs the server's certificate, and users' certificates.
  std::string ca_file() const { return directory_.File("ca.crt"); }
  std::string audit_file() const { return directory_.File("audit.log"); }
  // Of the group system:masters, who may do everything.
  const std::string& admin_token() const { return admin_token_; }
  // A certificate for the user `name`; the API server believes it.
  testing::PemPair IssueUser(const std::string& name) const;
  // Writes a kubeconfig file for the owner of that token and returns its path.
  std::string WriteKubeconfig(const std::string& token) const;
  // The key that signs service accounts' tokens, as PEM.
  const std::string& token_key() const { return token_key_.key; }

 private:
  // Keeps a port for the API server, which listens on it beside us (SO_REUSEPORT): we never listen.
  struct Port {
    Port();
    ~Port();
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;
    int fd = -1;
    int number = 0;
  };

  void WriteFiles();
  testing::ProgramOptions Etcd() const;
  testing::ProgramOptions KubeApiServer(std::vector<std::string> flags) const;
  void WaitUntilReady();

  const testing::TemporaryDirectory directory_;
  const Port port_;
  const std::string admin_token_;
  testing::CertificateAuthority authority_;
  testing::PemPair token_key_;
  std::unique_ptr<testing::RunningProgram> etcd_;
  std::unique_ptr<testing::RunningProgram> api_server_;
};

// A context of a kubeconfig file.
struct KubeContext {
  std::string name = {};
  const ApiServer* server = nullptr;
  std::string token = {};
};
// The first context is the current one.
void WriteKubeconfig(const std::string& file, const std::vector<KubeContext>& contexts);

// The one that all tests of this process share; started when it is first asked for, by the main
// thread.
const ApiServer& SharedApiServer();
// Another cluster, likewise, that forgets quickly and takes little at once: of ConfigMaps it keeps
// no past in memory, etcd's past is compacted every second, and of those who are no administrators
// it serves one reading and one writing request at a time (429).
const ApiServer& SparseApiServer();

}  // namespace gsh::kubernetes_test

#endif  // GSH_TESTS_INTEGRATION_KUBERNETES_API_SERVER_H_
