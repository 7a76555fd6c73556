// Services: signed requests in, the services' answers out: JSON by X-Amz-Target, and the query
// protocol.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_SERVICES_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_SERVICES_H_

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gsh/rng.h"
#include "gsh/testing/aws_sandbox.h"
#include "src/aws/signer/verify.h"
#include "src/http/server.h"
#include "src/testing/sandbox/aws/fleetiq.h"
#include "src/testing/sandbox/aws/sqs.h"
#include "src/testing/sandbox/aws/sts.h"
#include "src/testing/sandbox/aws/temporary_keys.h"

namespace gsh::testing::aws {

// SQS takes 1 MiB, of which JSON may have six bytes for one.
inline constexpr std::size_t kMaxRequest = 8u << 20;

// What a request asks for.
struct ApiCall {
  std::string service = {};  // the signing name: "gamelift"
  std::string operation = {};
  gsh::aws::Protocol protocol = gsh::aws::Protocol::kJson11;
};

class Services {
 public:
  // What it points to must outlive it.
  Services(const AwsSandboxOptions& options, Rng& rng, TemporaryKeys& keys, FleetIq& fleetiq,
           Sqs& sqs);

  void Answer(const http::Request& request, http::Respond respond);

  void InjectFault(AwsSandboxFault fault);
  void ClearFaults();
  // The fault for this operation now, counted down.
  std::optional<AwsSandboxFault> TakeFault(const std::string& operation);
  void Note(std::string request);
  std::vector<std::string> TakeRequests();

 private:
  void Dispatch(const ApiCall& call, const http::Request& request, const std::string& key,
                http::Respond respond);
  http::Response CallQuery(const ApiCall& call, const http::Request& request,
                           const std::string& key);
  gsh::aws::AuthVerdict Verify(const ApiCall& call, const http::Request& request);
  std::optional<gsh::aws::KnownKey> FindKey(std::string_view id);
  Principal PrincipalOf(const std::string& key) const;

  http::Response Success(const ApiCall& call, const std::string& body);
  http::Response Failure(const ApiCall& call, int http_status, const std::string& name,
                         const std::string& message);
  http::Response FailureOf(const ApiCall& call, const Status& status);

  const AwsSandboxOptions& options_;
  Rng& rng_;
  TemporaryKeys& keys_;
  FleetIq& fleetiq_;
  Sqs& sqs_;
  Sts sts_;
  std::map<std::string, std::unique_ptr<gsh::aws::RequestVerifier>> verifiers_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<AwsSandboxFault> faults_;
  std::vector<std::string> requests_;
};

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_SERVICES_H_
