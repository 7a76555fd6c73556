// BatchRun: entries in as many batches as the limits need, one after the other.
#ifndef GSH_SRC_AWS_SQS_BATCH_RUN_H_
#define GSH_SRC_AWS_SQS_BATCH_RUN_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "src/aws/client/service_client.h"
#include "src/aws/sqs/messages.h"

namespace gsh::aws::sqs {

class BatchRun : public std::enable_shared_from_this<BatchRun> {
 public:
  struct Entry {
    nlohmann::json json = {};  // without "Id"
    std::size_t size = 0;      // bytes that count towards the limit
  };
  using Done = std::function<void(std::vector<EntryResult>)>;
  // What an entry that failed means for those that come after its batch.
  enum class AfterFailure { kGoOn, kStop };

  // `client` must outlive the run; it does when it destroys its calls.
  BatchRun(ServiceClient& client, const rpc::Method& method, std::string queue_url,
           std::vector<Entry> entries, AfterFailure after_failure, CallOptions options, Done done);

  void Start() { SendNext(); }

 private:
  void SendNext();
  void OnAnswer(const StatusOr<std::string>& answer, std::size_t count);
  // Those that are left get `status`.
  void End(const Status& status);

  ServiceClient& client_;
  const rpc::Method method_;
  const std::string queue_url_;
  std::vector<Entry> entries_;
  const AfterFailure after_failure_;
  const CallOptions options_;
  const Done done_;
  std::vector<EntryResult> results_;  // of the first entries
};

}  // namespace gsh::aws::sqs

#endif  // GSH_SRC_AWS_SQS_BATCH_RUN_H_
