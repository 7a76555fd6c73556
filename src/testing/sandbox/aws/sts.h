// Sts: roles of any account, assumed by whoever asks: there are no trust policies.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_STS_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_STS_H_

#include <map>
#include <mutex>
#include <string>

#include "gsh/clock.h"
#include "gsh/rng.h"
#include "gsh/status.h"
#include "src/testing/sandbox/aws/query_call.h"
#include "src/testing/sandbox/aws/temporary_keys.h"

namespace gsh::testing::aws {

// May be used from several threads. What it points to must outlive it.
class Sts {
 public:
  Sts(TemporaryKeys& keys, Clock& clock, Rng& rng) : keys_(keys), clock_(clock), rng_(rng) {}

  // Comes unsigned: a token says who asks.
  static bool IsAnonymous(const std::string& operation) {
    return operation == "AssumeRoleWithWebIdentity";
  }

  // The inside of <OperationResult>. `caller`: who signed.
  StatusOr<std::string> Call(const std::string& operation, const QueryParameters& parameters,
                             const Principal& caller);

 private:
  StatusOr<std::string> AssumeRole(const QueryParameters& parameters, const Principal& caller);
  StatusOr<std::string> AssumeRoleWithWebIdentity(const QueryParameters& parameters);
  // <Credentials> and <AssumedRoleUser>.
  StatusOr<std::string> Session(const QueryParameters& parameters, bool chained);
  std::string RoleId(const std::string& arn);

  TemporaryKeys& keys_;
  Clock& clock_;
  Rng& rng_;
  std::mutex mutex_;
  std::map<std::string, std::string> role_ids_;  // by ARN; guarded by mutex_
};

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_STS_H_
