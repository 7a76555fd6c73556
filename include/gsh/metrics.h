// MetricsSink: where the library's counters, gauges and histograms go (Prometheus names and units).
#ifndef GSH_METRICS_H_
#define GSH_METRICS_H_

#include <span>
#include <string>
#include <string_view>

#include "gsh/export.h"

namespace gsh {

struct MetricLabel {
  std::string_view key;
  std::string_view value;
};

// May be called from several threads at once. Names follow Prometheus' rules: `gsh_` first, base
// units last.
class GSH_EXPORT MetricsSink {
 public:
  virtual ~MetricsSink() = default;
  virtual void Add(std::string_view counter, double amount,
                   std::span<const MetricLabel> labels) = 0;
  virtual void Set(std::string_view gauge, double value, std::span<const MetricLabel> labels) = 0;
  virtual void Observe(std::string_view histogram, double value,
                       std::span<const MetricLabel> labels) = 0;
};

}  // namespace gsh

#endif  // GSH_METRICS_H_
