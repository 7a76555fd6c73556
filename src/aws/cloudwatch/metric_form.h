// Metrics as parameters of PutMetricData.
#ifndef GSH_SRC_AWS_CLOUDWATCH_METRIC_FORM_H_
#define GSH_SRC_AWS_CLOUDWATCH_METRIC_FORM_H_

#include <string>
#include <vector>

#include "gsh/aws/cloudwatch.h"
#include "gsh/status.h"

namespace gsh::aws::cloudwatch {

inline constexpr std::size_t kMaxMetrics = 1000;  // of one request
inline constexpr std::size_t kMaxRequestBytes = 1'000'000;

// InvalidArgument names each broken limit.
Status CheckMetrics(const std::string& metric_namespace, const std::vector<MetricDatum>& metrics);

struct MetricRequest {
  std::string form = {};
  std::size_t metrics = 0;
};
// In order, each within the limits.
std::vector<MetricRequest> SplitMetrics(const std::string& metric_namespace,
                                        const std::vector<MetricDatum>& metrics);

}  // namespace gsh::aws::cloudwatch

#endif  // GSH_SRC_AWS_CLOUDWATCH_METRIC_FORM_H_
