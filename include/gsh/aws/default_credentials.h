// Where credentials come from: the standard chain of the AWS CLI, and parts to build one's own.
#ifndef GSH_AWS_DEFAULT_CREDENTIALS_H_
#define GSH_AWS_DEFAULT_CREDENTIALS_H_

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

#include "gsh/aws/credentials.h"
#include "gsh/aws/instance_metadata.h"
#include "gsh/aws/options.h"
#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::aws {

// The first of these that is configured; it alone counts, even if it fails then:
//   1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (unless options.profile is set)
//   2. the profile's role_arn with source_profile or credential_source
//   3. AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (unless options.profile is set), or the
//      profile's web_identity_token_file: IAM roles for service accounts (IRSA)
//   4. the profile's keys in the credentials file
//   5. the profile's credential_process
//   6. the profile's keys in the config file
//   7. AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI: ECS, EKS Pod
//      Identity
//   8. the instance's role, from its metadata service (unless AWS_EC2_METADATA_DISABLED=true)
// Profiles that need a person (SSO, MFA, login) are FailedPrecondition with what to do instead.
// Files and environment are read again at each refresh. options.credentials is ignored; clients
// that share one provider share its credentials, too. `metadata` null: MakeInstanceMetadata.
GSH_EXPORT StatusOr<std::shared_ptr<CredentialsProvider>> MakeDefaultCredentials(
    AwsOptions options = {}, std::shared_ptr<InstanceMetadata> metadata = {});

// These, for ever. Without an access_key_id they are anonymous: requests are sent unsigned.
GSH_EXPORT std::shared_ptr<CredentialsProvider> MakeStaticCredentials(Credentials credentials);

struct CredentialCacheOptions {
  // Credentials are refreshed in the background as soon as they have no more than this left...
  Duration refresh_before = std::chrono::minutes(15);
  // ...and calls wait for new ones when they have no more than this left. While a refresh fails,
  // the last ones are given until they expire. Both are less for credentials of a short life: at
  // most a quarter and a tenth of it.
  Duration wait_before = std::chrono::minutes(1);
  Duration fetch_timeout = std::chrono::seconds(60);  // then `fetch` is asked to stop
  Duration timeout =
      std::chrono::seconds(30);  // of a call whose CallOptions name none; 0: no limit
  // After a failure the source is left alone for a while, from `initial_backoff` up, with jitter;
  // the other members do not count.
  RetryOptions backoff = {.initial_backoff = std::chrono::seconds(1),
                          .max_backoff = std::chrono::seconds(60)};
  std::shared_ptr<Executor> executor = {};  // DefaultExecutor()
  Clock* clock = nullptr;                   // SystemClock(); must outlive the provider
  Rng* rng = nullptr;                       // SystemRng(); must outlive the provider
  LogSink* log = nullptr;                   // nowhere; must outlive the provider
  MetricsSink* metrics = nullptr;           // nowhere; must outlive the provider
};

// Asks a source of credentials; may block until `stop` is asked for.
using FetchCredentials = std::function<StatusOr<Credentials>(std::stop_token stop)>;

// Keeps what `fetch` gives, and refreshes it. `fetch` runs on a thread of its own, once for all who
// wait.
GSH_EXPORT StatusOr<std::shared_ptr<CredentialsProvider>> MakeCachedCredentials(
    FetchCredentials fetch, CredentialCacheOptions options = {});

}  // namespace gsh::aws

#endif  // GSH_AWS_DEFAULT_CREDENTIALS_H_
