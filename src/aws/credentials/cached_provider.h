// CachedProvider: what all callers share of one source: its last credentials, one fetch at a time,
// and peace after a failure.
#ifndef GSH_SRC_AWS_CREDENTIALS_CACHED_PROVIDER_H_
#define GSH_SRC_AWS_CREDENTIALS_CACHED_PROVIDER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "src/aws/credentials/kept_credentials.h"
#include "src/aws/credentials/source.h"
#include "src/rpc/common/client_base.h"

namespace gsh::aws {

class CredentialsCall;

// All state; outlives the provider for what still runs on other threads.
class CredentialsCore : public rpc::ClientBase,
                        public std::enable_shared_from_this<CredentialsCore> {
 public:
  using Result = StatusOr<std::shared_ptr<const Credentials>>;

  CredentialsCore(std::unique_ptr<CredentialSource> source, ClientOptions client,
                  CredentialCacheOptions cache);

  // What a new call gets at once; empty: it has to wait, and `call` was put into the queue. Begins
  // a fetch if one is due.
  std::optional<Result> Ask(const std::shared_ptr<CredentialsCall>& call);
  // `call` no longer waits.
  void Forget(const CredentialsCall& call);
  void Reject(const Credentials& credentials);
  // Cancels everything; from then on no code of the source runs.
  void Close();

 private:
  using Waiting = std::vector<std::shared_ptr<CredentialsCall>>;

  void BeginFetch();
  void OnFetched(StatusOr<Fetched> fetched);
  void OnOverdue(std::uint64_t fetch);
  // With mutex_ held.
  bool MayFetch() const;
  void BackOff();
  Result Settle(StatusOr<Fetched> fetched);
  std::optional<Result> Fallback(const Status& failure) const;
  void Report(const Result& result) const;

  const CredentialCacheOptions cache_;
  std::unique_ptr<CredentialSource> source_;

  std::mutex mutex_;
  // Guarded by mutex_.
  std::optional<KeptCredentials> kept_;
  bool rejected_ = false;  // a service refused kept_
  bool fetching_ = false;
  std::uint64_t fetches_ = 0;   // that have begun
  bool overdue_fetch_ = false;  // nobody waits for it any more
  std::stop_source fetch_stop_;
  std::optional<Clock::TimerId> overdue_;
  int failures_ = 0;  // in a row
  Status failure_;    // the last one
  SteadyTime quiet_until_ = {};
  Waiting waiting_;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_CACHED_PROVIDER_H_
