// aws::CloudWatch: metrics (API 2010-08-01).
#ifndef GSH_AWS_CLOUDWATCH_H_
#define GSH_AWS_CLOUDWATCH_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gsh/aws/options.h"
#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::aws {
namespace cloudwatch {

struct StatisticSet {
  double sample_count = 0;
  double sum = 0;
  double minimum = 0;
  double maximum = 0;
};

// One of `value`, `statistics` and `values`. Numbers are finite and within 2^360.
struct MetricDatum {
  std::string name = {};                               // 1 to 255 of ASCII
  std::map<std::string, std::string> dimensions = {};  // up to 30
  std::optional<WallTime> timestamp = {};              // empty: when CloudWatch gets it
  std::optional<double> value = {};
  std::optional<StatisticSet> statistics = {};
  std::vector<double> values = {};  // up to 150
  std::vector<double> counts = {};  // of `values`; empty: 1 each
  std::string unit = {};            // "Count", "Milliseconds" ...
  bool high_resolution = false;     // kept by the second, not the minute
};

}  // namespace cloudwatch

// A port; see openmatch::Frontend for how such are used.
class GSH_EXPORT CloudWatch {
 public:
  virtual ~CloudWatch() = default;

  // In as many requests as CloudWatch's limits need (1,000 metrics, 1 MB), one after the other. An
  // error ends it: its message says how many metrics were taken. A request that may have been taken
  // is not repeated, since its values would be counted twice. The options' timeout is of each
  // request.
  virtual void PutMetricDataAsync(std::string metric_namespace,
                                  std::vector<cloudwatch::MetricDatum> metrics, CallOptions options,
                                  std::function<void(Status)> done) = 0;

  Status PutMetricData(std::string metric_namespace, std::vector<cloudwatch::MetricDatum> metrics,
                       CallOptions options = {});
};

// Does not connect.
GSH_EXPORT StatusOr<std::unique_ptr<CloudWatch>> MakeCloudWatch(AwsOptions options = {});

}  // namespace gsh::aws

#endif  // GSH_AWS_CLOUDWATCH_H_
