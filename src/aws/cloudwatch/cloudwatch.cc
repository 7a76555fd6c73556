// The CloudWatch client over the query protocol.
#include "gsh/aws/cloudwatch.h"

#include <utility>

#include "src/aws/client/service_client.h"
#include "src/aws/cloudwatch/metric_form.h"
#include "src/aws/cloudwatch/operations.h"
#include "src/core/await.h"

namespace gsh::aws {
namespace {

using namespace cloudwatch;

class CloudWatchClient final : public CloudWatch {
 public:
  explicit CloudWatchClient(std::unique_ptr<ServiceClient> client) : client_(std::move(client)) {}

  void PutMetricDataAsync(std::string metric_namespace, std::vector<MetricDatum> metrics,
                          CallOptions options, std::function<void(Status)> done) override {
    Status checked = CheckMetrics(metric_namespace, metrics);
    if (!checked.ok()) {
      return client_->FailAsync(
          std::move(checked), std::move(options),
          [done = std::move(done)](const StatusOr<std::string>& end) { done(end.status()); });
    }
    auto run = std::make_shared<Run>();
    run->requests = SplitMetrics(metric_namespace, metrics);
    run->options = std::move(options);
    run->done = std::move(done);
    SendNext(run);
  }

 private:
  struct Run {
    std::vector<MetricRequest> requests;
    std::size_t next = 0;
    std::size_t taken = 0;  // metrics
    CallOptions options;
    std::function<void(Status)> done;
  };

  // The callback runs in a frame of the client, so that the client is there for the next request.
  void SendNext(const std::shared_ptr<Run>& run) {
    MetricRequest& request = run->requests[run->next];
    client_->CallAsync(kPutMetricData, std::move(request.form), run->options,
                       [this, run](const StatusOr<std::string>& answer) {
                         if (!answer.ok()) return run->done(WithCount(answer.status(), *run));
                         run->taken += run->requests[run->next].metrics;
                         if (++run->next == run->requests.size()) return run->done(OkStatus());
                         SendNext(run);
                       });
  }

  static Status WithCount(const Status& status, const Run& run) {
    if (run.requests.size() == 1) return status;
    return status.WithContext("after " + std::to_string(run.taken) + " metrics");
  }

  const std::unique_ptr<ServiceClient> client_;
};

}  // namespace

StatusOr<std::unique_ptr<CloudWatch>> MakeCloudWatch(AwsOptions options) {
  auto client = ServiceClient::Make(std::move(options), kCloudWatch);
  if (!client.ok()) return client.status();
  return std::unique_ptr<CloudWatch>(std::make_unique<CloudWatchClient>(*std::move(client)));
}

Status CloudWatch::PutMetricData(std::string metric_namespace, std::vector<MetricDatum> metrics,
                                 CallOptions options) {
  return internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    PutMetricDataAsync(std::move(metric_namespace), std::move(metrics), std::move(inner),
                       std::move(done));
  });
}

}  // namespace gsh::aws
