// STS: who one is, and the credentials of roles.
#ifndef GSH_AWS_STS_H_
#define GSH_AWS_STS_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gsh/aws/credentials.h"
#include "gsh/aws/options.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::aws {

struct CallerIdentity {
  std::string account = {};  // "123456789012"
  std::string arn = {};      // "arn:aws:sts::123456789012:assumed-role/game/i-0123456789abcdef0"
  std::string user_id = {};
};

struct AssumeRoleRequest {
  std::string role_arn = {};      // required
  std::string session_name = {};  // required; 2 to 64 of letters, digits and _=,.@-
  std::string external_id = {};   // as the role's trust policy demands; empty: none
  std::string policy = {};        // JSON that narrows the role's own; empty: none
  std::optional<std::chrono::seconds> duration = {};  // 900 s to 12 h; empty: STS' own, 1 h
};

struct AssumeRoleWithWebIdentityRequest {
  std::string role_arn = {};      // required
  std::string session_name = {};  // required, as above
  std::string token = {};         // required: the identity provider's, a JWT
  std::string policy = {};
  std::optional<std::chrono::seconds> duration = {};
};

struct AssumedRole {
  Credentials credentials = {};
  std::string arn = {};              // "arn:aws:sts::123456789012:assumed-role/game/session"
  std::string assumed_role_id = {};  // "AROA...:session"
};

// A port. May be called from several threads at once.
class GSH_EXPORT Sts {
 public:
  template <typename T>
  using Callback = std::function<void(StatusOr<T>)>;

  virtual ~Sts() = default;

  virtual void GetCallerIdentityAsync(CallOptions options, Callback<CallerIdentity> done) = 0;
  virtual void AssumeRoleAsync(AssumeRoleRequest request, CallOptions options,
                               Callback<AssumedRole> done) = 0;
  // Sent unsigned: the token says who asks.
  virtual void AssumeRoleWithWebIdentityAsync(AssumeRoleWithWebIdentityRequest request,
                                              CallOptions options, Callback<AssumedRole> done) = 0;

  StatusOr<CallerIdentity> GetCallerIdentity(CallOptions options = {});
  StatusOr<AssumedRole> AssumeRole(AssumeRoleRequest request, CallOptions options = {});
  StatusOr<AssumedRole> AssumeRoleWithWebIdentity(AssumeRoleWithWebIdentityRequest request,
                                                  CallOptions options = {});
};

// Does not connect. The region's own endpoint, as the AWS CLI does since version 2.
GSH_EXPORT StatusOr<std::unique_ptr<Sts>> MakeSts(AwsOptions options = {});

}  // namespace gsh::aws

#endif  // GSH_AWS_STS_H_
