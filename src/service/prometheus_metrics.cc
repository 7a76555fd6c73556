#include "src/service/prometheus_metrics.h"

#include <prometheus/check_names.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <functional>
#include <map>
#include <mutex>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>

namespace gsh::service {
namespace {

// Latencies from 1 ms to a minute; sizes and counts by powers of four.
prometheus::Histogram::BucketBoundaries BucketsFor(std::string_view name) {
  if (name.ends_with("_seconds")) {
    return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
  }
  return {1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};
}

template <typename Metric>
struct Family {
  explicit Family(prometheus::Family<Metric>& f) : family(&f) {}

  prometheus::Family<Metric>* family;
  std::unordered_map<std::string, Metric*> series;  // by LabelKey
};

std::string LabelKey(std::span<const MetricLabel> labels) {
  std::string key;
  for (const MetricLabel& label : labels) {
    key.append(label.key).append(1, '\0').append(label.value).append(1, '\0');
  }
  return key;
}

// False for names that the text format does not allow, and for a name given twice.
bool ToLabels(std::span<const MetricLabel> labels, prometheus::Labels& result) {
  for (const MetricLabel& label : labels) {
    const std::string key(label.key);
    if (!prometheus::CheckLabelName(key) || !result.emplace(key, label.value).second) return false;
  }
  return !result.contains("le");
}

}  // namespace

struct PrometheusMetrics::Impl {
  using AnyFamily = std::variant<Family<prometheus::Counter>, Family<prometheus::Gauge>,
                                 Family<prometheus::Histogram>>;

  explicit Impl(std::size_t max) : max_series(max) {}

  template <typename Metric>
  Family<Metric>* FindFamily(std::string_view name) {
    auto found = families.find(name);
    if (found == families.end()) {
      if (!prometheus::CheckMetricName(std::string(name))) return nullptr;
      found = families.emplace(std::string(name), Family<Metric>(Build<Metric>(name))).first;
    }
    return std::get_if<Family<Metric>>(&found->second);
  }

  template <typename Metric>
  prometheus::Family<Metric>& Build(std::string_view name) {
    const std::string text(name);
    if constexpr (std::is_same_v<Metric, prometheus::Counter>) {
      return prometheus::BuildCounter().Name(text).Register(registry);
    } else if constexpr (std::is_same_v<Metric, prometheus::Gauge>) {
      return prometheus::BuildGauge().Name(text).Register(registry);
    } else {
      return prometheus::BuildHistogram().Name(text).Register(registry);
    }
  }

  template <typename Metric>
  Metric* FindSeries(std::string_view name, std::span<const MetricLabel> labels) {
    Family<Metric>* family = FindFamily<Metric>(name);
    if (family == nullptr) return nullptr;
    std::string key = LabelKey(labels);
    if (auto found = family->series.find(key); found != family->series.end()) return found->second;
    prometheus::Labels wanted;
    if (!ToLabels(labels, wanted)) return nullptr;
    if (family->series.size() >= max_series) {
      key.clear();
      key.append("overflow");  // no label set has this key: it would end in NUL
      wanted = {{"overflow", "true"}};
    }
    Metric* metric = nullptr;
    if constexpr (std::is_same_v<Metric, prometheus::Histogram>) {
      metric = &family->family->Add(wanted, BucketsFor(name));
    } else {
      metric = &family->family->Add(wanted);
    }
    return family->series.emplace(std::move(key), metric).first->second;
  }

  template <typename Metric>
  void Update(std::string_view name, std::span<const MetricLabel> labels,
              const std::function<void(Metric&)>& update) {
    std::lock_guard lock(mutex);
    if (Metric* metric = FindSeries<Metric>(name, labels)) {
      update(*metric);
    } else {
      FindSeries<prometheus::Counter>("gsh_metrics_dropped_total", {})->Increment();
    }
  }

  const std::size_t max_series;
  std::mutex mutex;
  prometheus::Registry registry;
  std::map<std::string, AnyFamily, std::less<>> families;
};

PrometheusMetrics::PrometheusMetrics(std::size_t max_series)
    : impl_(std::make_unique<Impl>(max_series)) {}
PrometheusMetrics::~PrometheusMetrics() = default;

void PrometheusMetrics::Add(std::string_view counter, double amount,
                            std::span<const MetricLabel> labels) {
  if (!(amount >= 0)) return Add("gsh_metrics_dropped_total", 1, {});
  impl_->Update<prometheus::Counter>(counter, labels, [&](auto& m) { m.Increment(amount); });
}

void PrometheusMetrics::Set(std::string_view gauge, double value,
                            std::span<const MetricLabel> labels) {
  impl_->Update<prometheus::Gauge>(gauge, labels, [&](auto& m) { m.Set(value); });
}

void PrometheusMetrics::Observe(std::string_view histogram, double value,
                                std::span<const MetricLabel> labels) {
  impl_->Update<prometheus::Histogram>(histogram, labels, [&](auto& m) { m.Observe(value); });
}

std::string PrometheusMetrics::Text() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace gsh::service
