#include "tests/integration/kubernetes/api_server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "gsh/rng.h"
#include "tests/integration/kubernetes/api.h"

namespace gsh::kubernetes_test {
namespace {

// Every request, once it was answered; a watch when it begins, too.
constexpr char kAuditPolicy[] = R"(apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata}]
)";

// Sockets are files in the directory where both run, so that only one port is needed.
constexpr char kEtcdUrl[] = "unix://etcd:0";
constexpr char kEtcdPeerUrl[] = "unix://peer:0";

template <typename T>
T OrThrow(StatusOr<T> result) {
  if (!result.ok()) throw std::runtime_error(result.status().ToString());
  return *std::move(result);
}

void OrThrow(const Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

// `command` as a child that is killed when this thread ends, however that comes about.
testing::ProgramOptions Child(std::vector<std::string> command, const std::string& directory) {
  command.insert(command.begin(), {"--pdeathsig", "KILL", "--"});
  return {.program = "/usr/bin/setpriv", .args = std::move(command), .directory = directory};
}

}  // namespace

ApiServer::Port::Port() : fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  const int on = 1;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
      bind(fd, any, size) != 0 || getsockname(fd, any, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "a port for the API server");
  }
  number = ntohs(address.sin_port);
}

ApiServer::Port::~Port() { close(fd); }

ApiServer::ApiServer(std::vector<std::string> flags)
    : admin_token_(NewUuid(SystemRng())),
      authority_(OrThrow(testing::CertificateAuthority::Make("kubernetes"))) {
  WriteFiles();
  etcd_ = std::make_unique<testing::RunningProgram>(Etcd());
  api_server_ = std::make_unique<testing::RunningProgram>(KubeApiServer(std::move(flags)));
  WaitUntilReady();
}

testing::PemPair ApiServer::IssueUser(const std::string& name) const {
  return OrThrow(authority_.IssueClient(name));
}

std::string ApiServer::WriteKubeconfig(const std::string& token) const {
  const std::string file = directory_.File("kubeconfig-" + NewUuid(SystemRng()));
  kubernetes_test::WriteKubeconfig(file, {{.name = "test", .server = this, .token = token}});
  return file;
}

void ApiServer::WriteFiles() {
  const auto file = [this](const char* name) { return directory_.File(name); };
  OrThrow(authority_.WriteCert(ca_file()));
  const testing::PemPair server =
      OrThrow(authority_.IssueServer({"kubernetes.default.svc", "localhost", "127.0.0.1"}));
  OrThrow(server.Write(file("server.crt"), file("server.key")));
  token_key_ = OrThrow(authority_.Issue(
      {.common_name = "service accounts", .key_type = testing::KeyType::kRsa2048}));
  OrThrow(token_key_.Write(file("tokens.crt"), file("tokens.key")));
  // How it shows itself to aggregated API servers.
  const auto front_proxy = OrThrow(testing::CertificateAuthority::Make("front-proxy"));
  OrThrow(front_proxy.WriteCert(file("front-proxy-ca.crt")));
  const testing::PemPair proxy = OrThrow(front_proxy.IssueClient("front-proxy-client"));
  OrThrow(proxy.Write(file("front-proxy.crt"), file("front-proxy.key")));
  OrThrow(testing::WriteFileAtomically(file("users.csv"),
                                       admin_token_ + ",admin,admin,system:masters\n", 0600));
  OrThrow(testing::WriteFileAtomically(file("audit.yaml"), kAuditPolicy, 0644));
}

testing::ProgramOptions ApiServer::Etcd() const {
  return Child({"etcd", "--name=gsh", "--data-dir=etcd.data", "--unsafe-no-fsync",
                std::string("--listen-client-urls=") + kEtcdUrl,
                std::string("--advertise-client-urls=") + kEtcdUrl,
                std::string("--listen-peer-urls=") + kEtcdPeerUrl,
                std::string("--initial-advertise-peer-urls=") + kEtcdPeerUrl,
                std::string("--initial-cluster=gsh=") + kEtcdPeerUrl},
               directory_.string());
}

testing::ProgramOptions ApiServer::KubeApiServer(std::vector<std::string> flags) const {
  const char* const program = std::getenv("GSH_KUBE_APISERVER");
  if (program == nullptr) {
    throw std::runtime_error(
        "GSH_KUBE_APISERVER is not set: tests/integration/kubernetes/run builds the API server "
        "and starts these tests");
  }
  flags.insert(
      flags.begin(),
      {program, std::string("--etcd-servers=") + kEtcdUrl,
       // Debian's etcd is 3.4, which cannot say how far a watch has come.
       "--feature-gates=WatchList=false", "--bind-address=127.0.0.1",
       "--advertise-address=127.0.0.1", "--secure-port=" + std::to_string(port_.number),
       "--permit-port-sharing", "--endpoint-reconciler-type=none",
       "--service-cluster-ip-range=10.0.0.0/16", "--cert-dir=made", "--tls-cert-file=server.crt",
       "--tls-private-key-file=server.key", "--client-ca-file=ca.crt",
       "--token-auth-file=users.csv", "--authorization-mode=RBAC",
       "--service-account-key-file=tokens.crt", "--service-account-signing-key-file=tokens.key",
       "--service-account-issuer=https://kubernetes.default.svc",
       // Nobody makes the account `default` that pods of a new namespace would need.
       "--disable-admission-plugins=ServiceAccount", "--audit-log-path=audit.log",
       "--audit-policy-file=audit.yaml", "--proxy-client-cert-file=front-proxy.crt",
       "--proxy-client-key-file=front-proxy.key",
       "--requestheader-client-ca-file=front-proxy-ca.crt",
       "--requestheader-allowed-names=front-proxy-client",
       "--requestheader-username-headers=X-Remote-User",
       "--requestheader-group-headers=X-Remote-Group",
       "--requestheader-extra-headers-prefix=X-Remote-Extra-"});
  return Child(std::move(flags), directory_.string());
}

void ApiServer::WaitUntilReady() {
  Api api({.endpoint = endpoint(), .ca_file = ca_file(), .token = admin_token_});
  const auto deadline = std::chrono::steady_clock::now() + testing::RunningProgram::kPatience;
  while (api.Call({.path = "/readyz"}).code != 200) {
    const bool ended = api_server_->Wait(std::chrono::seconds(0)) != -1;
    if (ended || std::chrono::steady_clock::now() > deadline) {
      const std::string log = api_server_->Output();
      throw std::runtime_error("the API server did not start:\n" + etcd_->Output() +
                               log.substr(log.size() - std::min<std::size_t>(log.size(), 4000)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // it tells nobody when it is ready
  }
}

void WriteKubeconfig(const std::string& file, const std::vector<KubeContext>& contexts) {
  std::string clusters = "clusters:\n";
  std::string users = "users:\n";
  std::string listed = "contexts:\n";
  for (const KubeContext& one : contexts) {
    const std::string item = "- {name: " + one.name + ", ";
    clusters += item + "cluster: {server: \"https://" + one.server->endpoint() +
                "\", certificate-authority: " + one.server->ca_file() + "}}\n";
    users += item + "user: {token: " + one.token + "}}\n";
    listed += item + "context: {cluster: " + one.name + ", user: " + one.name + "}}\n";
  }
  OrThrow(testing::WriteFileAtomically(file,
                                       "apiVersion: v1\nkind: Config\ncurrent-context: " +
                                           contexts.at(0).name + "\n" + clusters + users + listed,
                                       0600));
}

const ApiServer& SharedApiServer() {
  static const ApiServer server;
  return server;
}

const ApiServer& SparseApiServer() {
  static const ApiServer server(
      {"--watch-cache-sizes=configmaps#0", "--etcd-compaction-interval=1s",
       "--enable-priority-and-fairness=false", "--max-requests-inflight=1",
       "--max-mutating-requests-inflight=1"});
  return server;
}

}  // namespace gsh::kubernetes_test
