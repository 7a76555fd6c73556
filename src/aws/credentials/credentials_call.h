// CredentialsCall: one GetAsync that has to wait.
#ifndef GSH_SRC_AWS_CREDENTIALS_CREDENTIALS_CALL_H_
#define GSH_SRC_AWS_CREDENTIALS_CREDENTIALS_CALL_H_

#include <memory>
#include <optional>
#include <utility>

#include "src/aws/credentials/cached_provider.h"
#include "src/rpc/common/call_base.h"

namespace gsh::aws {

class CredentialsCall final : public rpc::CallBase {
 public:
  using Result = CredentialsCore::Result;

  CredentialsCall(std::shared_ptr<CredentialsCore> core, CallOptions options,
                  CredentialsProvider::Callback done)
      : CredentialsCall(core, std::move(options), std::move(done),
                        std::make_shared<std::optional<Result>>()) {}

  void Start();
  // The first result counts.
  void Finish(Result result);
  void Abandon() override;

 private:
  CredentialsCall(std::shared_ptr<CredentialsCore> core, CallOptions options,
                  CredentialsProvider::Callback done,
                  const std::shared_ptr<std::optional<Result>>& result);

  void OnStop() override;
  void OnExecutor() override;
  void WatchDeadline();
  void CancelTimer();

  const std::shared_ptr<CredentialsCore> core_;
  // Guarded by mutex_.
  const std::shared_ptr<std::optional<Result>> result_;
  std::optional<Clock::TimerId> timer_;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_CREDENTIALS_CALL_H_
