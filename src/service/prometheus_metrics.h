// MetricsSink over prometheus-cpp: families appear with their first sample.
#ifndef GSH_SRC_SERVICE_PROMETHEUS_METRICS_H_
#define GSH_SRC_SERVICE_PROMETHEUS_METRICS_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gsh/metrics.h"

namespace gsh::service {

class PrometheusMetrics final : public MetricsSink {
 public:
  // A family holds at most `max_series` label sets; what comes after them is counted in the one
  // series {overflow="true"}, so that labels from outside cannot fill the memory.
  explicit PrometheusMetrics(std::size_t max_series = 1000);
  ~PrometheusMetrics() override;

  // Samples with a bad name, a bad label, or a name already used for another type are dropped and
  // counted in gsh_metrics_dropped_total; so are negative additions to a counter.
  void Add(std::string_view counter, double amount, std::span<const MetricLabel> labels) override;
  void Set(std::string_view gauge, double value, std::span<const MetricLabel> labels) override;
  void Observe(std::string_view histogram, double value,
               std::span<const MetricLabel> labels) override;

  // Prometheus' text format 0.0.4.
  std::string Text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_PROMETHEUS_METRICS_H_
