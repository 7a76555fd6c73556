// Options that all clients of AWS services share.
#ifndef GSH_AWS_OPTIONS_H_
#define GSH_AWS_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "gsh/aws/credentials.h"
#include "gsh/env.h"
#include "gsh/export.h"
#include "gsh/options.h"

namespace gsh::aws {

// What is empty is looked up where the AWS CLI looks: environment, then the shared config file.
struct AwsOptions {
  // "eu-west-1". Empty: AWS_REGION, AWS_DEFAULT_REGION, the profile's, then the instance's own.
  std::string region = {};
  // Of the shared config files. Empty: AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default".
  std::string profile = {};
  // "https://host:port/path" in place of the region's endpoint. Empty: AWS_ENDPOINT_URL_<SERVICE>,
  // AWS_ENDPOINT_URL, the profile's. http:// is taken as it stands, for loopback addresses alone
  // unless `allow_plaintext`.
  std::string endpoint_url = {};
  bool allow_plaintext = false;
  std::optional<bool> use_fips = {};        // empty: AWS_USE_FIPS_ENDPOINT, the profile's, no
  std::optional<bool> use_dual_stack = {};  // empty: AWS_USE_DUALSTACK_ENDPOINT, the profile's, no
  // Null: the standard chain (gsh/aws/default_credentials.h) over these options.
  std::shared_ptr<CredentialsProvider> credentials = {};
  std::string ca_file = {};  // PEM. Empty: AWS_CA_BUNDLE, the profile's, the system's roots
  std::string proxy = {};    // a URL. Empty: https_proxy, http_proxy, no_proxy

  // The standard retry mode of AWS's SDKs: a retry takes 5 from the budget, after a time-out 10; a
  // success gives them back, or 1. Pauses after throttling are 20 times as long.
  RetryOptions retry = {.max_attempts = 3,
                        .initial_backoff = std::chrono::milliseconds(50),
                        .max_backoff = std::chrono::seconds(20),
                        .budget = 500,
                        .budget_refill = 1};
  Duration timeout = std::chrono::seconds(30);  // of a call whose CallOptions name none; 0: none
  // Of each try, in whole milliseconds, rounded up; 0: the call's.
  Duration attempt_timeout = std::chrono::seconds(10);
  Duration connect_timeout = std::chrono::seconds(5);
  std::shared_ptr<Executor> executor = {};  // DefaultExecutor()
  Clock* clock = nullptr;                   // SystemClock(); must outlive the client
  Rng* rng = nullptr;                       // SystemRng(); must outlive the client
  LogSink* log = nullptr;                   // nowhere; must outlive the client
  MetricsSink* metrics = nullptr;           // nowhere; must outlive the client
  const Env* env = nullptr;                 // SystemEnv(); must outlive the client
  std::uint32_t max_response_bytes = 0;     // 0: 8 MiB; of SQS, for ten large messages, 64 MiB
};

}  // namespace gsh::aws

#endif  // GSH_AWS_OPTIONS_H_
