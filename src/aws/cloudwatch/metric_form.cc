#include "src/aws/cloudwatch/metric_form.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "src/aws/client/form.h"
#include "src/aws/client/mistakes.h"
#include "src/aws/cloudwatch/operations.h"
#include "src/core/utc_time.h"

namespace gsh::aws::cloudwatch {
namespace {

constexpr std::size_t kMaxDimensions = 30;
constexpr std::size_t kMaxValues = 150;

constexpr std::array kUnits = std::to_array<std::string_view>({"Seconds",
                                                               "Microseconds",
                                                               "Milliseconds",
                                                               "Bytes",
                                                               "Kilobytes",
                                                               "Megabytes",
                                                               "Gigabytes",
                                                               "Terabytes",
                                                               "Bits",
                                                               "Kilobits",
                                                               "Megabits",
                                                               "Gigabits",
                                                               "Terabits",
                                                               "Percent",
                                                               "Count",
                                                               "Bytes/Second",
                                                               "Kilobytes/Second",
                                                               "Megabytes/Second",
                                                               "Gigabytes/Second",
                                                               "Terabytes/Second",
                                                               "Bits/Second",
                                                               "Kilobits/Second",
                                                               "Megabits/Second",
                                                               "Gigabits/Second",
                                                               "Terabits/Second",
                                                               "Count/Second",
                                                               "None"});

bool IsNumber(double value) {
  return std::isfinite(value) && std::abs(value) <= std::ldexp(1, 360);
}

// Printable ASCII with something to see.
bool IsText(std::string_view text, std::size_t max) {
  return text.size() <= max && text.find_first_not_of(' ') != text.npos &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string Text(double value) {
  std::array<char, 32> text = {};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

void CheckDimensions(const MetricDatum& metric, const std::string& at, Mistakes& mistakes) {
  mistakes.Check(metric.dimensions.size() <= kMaxDimensions, at + "has more than 30 dimensions");
  for (const auto& [name, value] : metric.dimensions) {
    mistakes.Check(IsText(name, 255) && name.front() != ':' && IsText(value, 1024),
                   at + "has a dimension that is no text of printable ASCII (name: 1 to 255, not "
                        "beginning with a colon; value: 1 to 1024)");
  }
}

void CheckValues(const MetricDatum& metric, const std::string& at, Mistakes& mistakes) {
  const int given = int{metric.value.has_value()} + int{metric.statistics.has_value()} +
                    int{!metric.values.empty()};
  mistakes.Check(given == 1, at + "must have one of value, statistics and values");
  mistakes.Check(metric.values.size() <= kMaxValues, at + "has more than 150 values");
  mistakes.Check(metric.counts.empty() || metric.counts.size() == metric.values.size(),
                 at + "must have as many counts as values");
  std::vector<double> numbers = metric.values;
  numbers.insert(numbers.end(), metric.counts.begin(), metric.counts.end());
  if (metric.value) numbers.push_back(*metric.value);
  if (const auto& set = metric.statistics) {
    numbers.insert(numbers.end(), {set->sample_count, set->sum, set->minimum, set->maximum});
  }
  mistakes.Check(std::ranges::all_of(numbers, IsNumber),
                 at + "has a number that is not finite or beyond 2^360");
}

std::string FormOf(const MetricDatum& metric, std::size_t number) {
  const std::string at = "MetricData.member." + std::to_string(number) + ".";
  const auto member = [](std::size_t i) { return ".member." + std::to_string(i + 1); };
  Form form;
  form.Add(at + "MetricName", metric.name);
  std::size_t dimensions = 0;
  for (const auto& [name, value] : metric.dimensions) {
    const std::string dimension = at + "Dimensions" + member(dimensions++);
    form.Add(dimension + ".Name", name);
    form.Add(dimension + ".Value", value);
  }
  if (metric.timestamp) form.Add(at + "Timestamp", internal::FormatUtcTime(*metric.timestamp));
  if (metric.value) form.Add(at + "Value", Text(*metric.value));
  if (const auto& set = metric.statistics) {
    form.Add(at + "StatisticValues.SampleCount", Text(set->sample_count));
    form.Add(at + "StatisticValues.Sum", Text(set->sum));
    form.Add(at + "StatisticValues.Minimum", Text(set->minimum));
    form.Add(at + "StatisticValues.Maximum", Text(set->maximum));
  }
  for (std::size_t i = 0; i < metric.values.size(); ++i) {
    form.Add(at + "Values" + member(i), Text(metric.values[i]));
  }
  for (std::size_t i = 0; i < metric.counts.size(); ++i) {
    form.Add(at + "Counts" + member(i), Text(metric.counts[i]));
  }
  form.AddIfAny(at + "Unit", metric.unit);
  if (metric.high_resolution) form.Add(at + "StorageResolution", "1");
  return form.Take();
}

}  // namespace

Status CheckMetrics(const std::string& metric_namespace, const std::vector<MetricDatum>& metrics) {
  Mistakes mistakes;
  mistakes.Check(IsText(metric_namespace, 255) && metric_namespace.front() != ':',
                 "Namespace must have 1 to 255 characters of printable ASCII, the first no colon");
  mistakes.Check(!metrics.empty(), "MetricData is required");
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const MetricDatum& metric = metrics[i];
    const std::string at = "MetricData[" + std::to_string(i) + "] ";
    mistakes.Check(IsText(metric.name, 255),
                   at + "must have a name of 1 to 255 characters of printable ASCII");
    mistakes.Check(metric.unit.empty() || std::ranges::find(kUnits, metric.unit) != kUnits.end(),
                   at + "has an unknown unit");
    CheckDimensions(metric, at, mistakes);
    CheckValues(metric, at, mistakes);
  }
  return mistakes.ToStatus(kPutMetricData.operation);
}

std::vector<MetricRequest> SplitMetrics(const std::string& metric_namespace,
                                        const std::vector<MetricDatum>& metrics) {
  constexpr std::size_t kReserved = 100;  // for Action and Version
  Form head;
  head.Add("Namespace", metric_namespace);
  const std::string start = head.Take();
  std::vector<MetricRequest> requests;
  for (const MetricDatum& metric : metrics) {
    if (requests.empty()) requests.push_back({.form = start});
    std::string form = FormOf(metric, requests.back().metrics + 1);
    if (requests.back().metrics == kMaxMetrics ||
        (requests.back().metrics > 0 &&
         requests.back().form.size() + 1 + form.size() + kReserved > kMaxRequestBytes)) {
      requests.push_back({.form = start});
      form = FormOf(metric, 1);
    }
    requests.back().form.append("&").append(form);
    ++requests.back().metrics;
  }
  return requests;
}

}  // namespace gsh::aws::cloudwatch
