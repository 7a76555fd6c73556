#include "src/aws/sqs/batch_run.h"

#include <algorithm>
#include <utility>

namespace gsh::aws::sqs {

BatchRun::BatchRun(ServiceClient& client, const rpc::Method& method, std::string queue_url,
                   std::vector<Entry> entries, AfterFailure after_failure, CallOptions options,
                   Done done)
    : client_(client),
      method_(method),
      queue_url_(std::move(queue_url)),
      entries_(std::move(entries)),
      after_failure_(after_failure),
      options_(std::move(options)),
      done_(std::move(done)) {}

void BatchRun::SendNext() {
  if (results_.size() == entries_.size()) return done_(std::move(results_));
  nlohmann::json list = nlohmann::json::array();
  std::size_t bytes = 0;
  for (std::size_t i = results_.size(); i < entries_.size() && list.size() < kMaxEntries; ++i) {
    if (!list.empty() && bytes + entries_[i].size > kMaxBytes) break;
    bytes += entries_[i].size;
    nlohmann::json entry = std::move(entries_[i].json);
    entry["Id"] = std::to_string(list.size());
    list.push_back(std::move(entry));
  }
  const std::size_t count = list.size();
  const nlohmann::json body = {{"QueueUrl", queue_url_}, {"Entries", std::move(list)}};
  // The callback runs in a frame of the client, so that the client is there for the next batch.
  client_.CallAsync(method_, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                    options_,
                    [self = shared_from_this(), count](const StatusOr<std::string>& answer) {
                      self->OnAnswer(answer, count);
                    });
}

void BatchRun::OnAnswer(const StatusOr<std::string>& answer, std::size_t count) {
  auto results = answer.ok() ? ReadBatch(*answer, count) : answer.status();
  if (!results.ok()) {
    results_.resize(results_.size() + count, EntryResult{.status = results.status()});
    return End(AbortedError("not sent, because an earlier batch failed"));
  }
  const bool failed =
      std::ranges::any_of(*results, [](const EntryResult& result) { return !result.status.ok(); });
  for (EntryResult& result : *results) results_.push_back(std::move(result));
  if (failed && after_failure_ == AfterFailure::kStop) {
    return End(AbortedError("not sent, because an earlier message failed"));
  }
  SendNext();
}

void BatchRun::End(const Status& status) {
  results_.resize(entries_.size(), EntryResult{.status = status});
  done_(std::move(results_));
}

}  // namespace gsh::aws::sqs
