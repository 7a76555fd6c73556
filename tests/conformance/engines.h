// The engines that the conformance suite talks to: those that the environment names (see
// README.md), and the sandbox, in this process, for the others.
#ifndef GSH_TESTS_CONFORMANCE_ENGINES_H_
#define GSH_TESTS_CONFORMANCE_ENGINES_H_

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "gsh/kubernetes/config.h"
#include "gsh/options.h"

namespace gsh::conformance {

struct OpenMatchEngine {
  std::string frontend = {};  // "host:port"
  std::string backend = {};
  std::string query = {};
  std::string tls_dir = {};  // tls.crt, tls.key, ca.crt; empty: plaintext
  std::chrono::milliseconds pending_release_timeout{60'000};  // as the engine is configured
};

// How the library's own clients come to Agones.
enum class Adapter { kGrpc, kRest, kKubernetes };
inline std::string AdapterName(const ::testing::TestParamInfo<Adapter>& info) {
  switch (info.param) {
    case Adapter::kGrpc:
      return "Grpc";
    case Adapter::kRest:
      return "Rest";
    default:
      return "Kubernetes";
  }
}

struct AllocatorEngine {
  std::string endpoint = {};
  std::string rest_endpoint = {};
  kubernetes::ClusterConfig kubernetes = {};  // whose GameServerAllocations are the same servers'
  TlsOptions tls = {};
  std::string region = "us-east-1";  // label of its Ready game servers
};

struct SdkEngine {
  std::string endpoint = {};       // always plaintext, as side-cars are
  std::string http_endpoint = {};  // perhaps another server's
};

const OpenMatchEngine& OpenMatch();
const AllocatorEngine& Allocator();
const SdkEngine& Sdk();

TlsOptions OpenMatchTls();

// To raw stubs; fails the test if the TLS files are unusable.
std::shared_ptr<grpc::Channel> Connect(const std::string& endpoint, const TlsOptions& tls);

// A name that no other test or run uses; fit for tags, label values and list values.
std::string UniqueName(const std::string& stem);

// Polls until `condition`; false after 20 s.
bool Eventually(const std::function<bool()>& condition);

inline void Limit(grpc::ClientContext& context) {  // a hang, not a wait
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
}

// One unary call of a generated stub.
template <typename Stub, typename Request, typename Response>
grpc::Status Call(Stub& stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request, Response* response) {
  grpc::ClientContext context;
  Limit(context);
  return (stub.*method)(&context, request, response);
}

// The answer's code as a number: engines use some outside of gRPC's enum.
inline int CodeOf(const grpc::Status& status) { return static_cast<int>(status.error_code()); }

}  // namespace gsh::conformance

#endif  // GSH_TESTS_CONFORMANCE_ENGINES_H_
