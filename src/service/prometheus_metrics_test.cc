#include "src/service/prometheus_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

namespace gsh::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(PrometheusMetricsTest, EachKindInTextFormat) {
  PrometheusMetrics metrics;
  const MetricLabel labels[] = {{"operation", "Allocate"}, {"code", "OK\n\""}};
  metrics.Add("gsh_calls_total", 2, labels);
  metrics.Add("gsh_calls_total", 1, labels);
  metrics.Set("gsh_up", 1, {});
  metrics.Set("gsh_up", 0, {});
  metrics.Observe("gsh_call_seconds", 0.003, {});
  metrics.Observe("gsh_batch_tickets", 5000, {});
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("# TYPE gsh_calls_total counter\n"));
  EXPECT_THAT(text, HasSubstr("gsh_calls_total{code=\"OK\\n\\\"\",operation=\"Allocate\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE gsh_up gauge\ngsh_up 0\n"));
  EXPECT_THAT(text, HasSubstr("gsh_call_seconds_bucket{le=\"0.0025\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("gsh_call_seconds_bucket{le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("gsh_batch_tickets_bucket{le=\"16384\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("gsh_batch_tickets_sum 5000\n"));
  EXPECT_THAT(text, Not(HasSubstr("dropped")));
}

TEST(PrometheusMetricsTest, LabelSetsAreBounded) {
  PrometheusMetrics metrics(2);
  for (const char* id : {"a", "b", "c", "d", "a"}) {
    const MetricLabel labels[] = {{"id", id}};
    metrics.Add("gsh_x_total", 1, labels);
  }
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("gsh_x_total{id=\"a\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("gsh_x_total{id=\"b\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("gsh_x_total{overflow=\"true\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("id=\"c\"")));
}

TEST(PrometheusMetricsTest, BadSamplesAreDroppedAndCounted) {
  PrometheusMetrics metrics;
  const MetricLabel bad_name[] = {{"a-b", "x"}};
  const MetricLabel twice[] = {{"a", "x"}, {"a", "y"}};
  const MetricLabel reserved[] = {{"le", "x"}};
  metrics.Add("gsh bad name", 1, {});
  metrics.Add("gsh_x_total", 1, bad_name);
  metrics.Add("gsh_x_total", 1, twice);
  metrics.Observe("gsh_y_seconds", 1, reserved);
  metrics.Add("gsh_x_total", -1, {});
  metrics.Add("gsh_x_total", std::nan(""), {});
  metrics.Add("gsh_x_total", 1, {});
  metrics.Set("gsh_x_total", 5, {});  // it is a counter
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("gsh_metrics_dropped_total 7\n"));
  EXPECT_THAT(text, HasSubstr("gsh_x_total 1\n"));
}

TEST(PrometheusMetricsTest, FromSeveralThreads) {
  PrometheusMetrics metrics;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        const MetricLabel labels[] = {{"k", "v"}};
        for (int i = 0; i < 500; ++i) metrics.Add("gsh_x_total", 1, labels);
      });
    }
    metrics.Text();
  }
  EXPECT_THAT(metrics.Text(), HasSubstr("gsh_x_total{k=\"v\"} 2000\n"));
}

}  // namespace
}  // namespace gsh::service
