// CredentialSource: what gives credentials when asked, and keeps none.
#ifndef GSH_SRC_AWS_CREDENTIALS_SOURCE_H_
#define GSH_SRC_AWS_CREDENTIALS_SOURCE_H_

#include <functional>
#include <memory>
#include <stop_token>

#include "gsh/aws/credentials.h"
#include "gsh/aws/default_credentials.h"
#include "gsh/status.h"

namespace gsh::aws {

struct Fetched {
  Credentials credentials = {};
  // The service takes them for some time after they have expired, as EC2 does with those of an
  // instance when it cannot renew them.
  bool outlive_expiration = false;
};

class CredentialSource {
 public:
  using Done = std::function<void(StatusOr<Fetched>)>;

  virtual ~CredentialSource() = default;  // afterwards nothing of it runs, and `done` is not called
  // One at a time: not before the last `done` has begun. Must not block; `done` may run at once.
  virtual void FetchAsync(std::stop_token stop, Done done) = 0;
};

// A source whose work blocks: each fetch runs on a thread of its own.
using BlockingFetch = std::function<StatusOr<Fetched>(std::stop_token stop)>;
std::unique_ptr<CredentialSource> MakeThreadSource(BlockingFetch fetch);

// Keeps what the source gives. InvalidArgument for options that make no sense.
StatusOr<std::shared_ptr<CredentialsProvider>> MakeCachedProvider(
    std::unique_ptr<CredentialSource> source, CredentialCacheOptions options);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_SOURCE_H_
