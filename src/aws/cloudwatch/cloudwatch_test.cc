#include "gsh/aws/cloudwatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "src/aws/client/service_fixture.h"
#include "src/aws/cloudwatch/metric_form.h"

namespace gsh::aws {
namespace {

using namespace cloudwatch;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

class CloudWatchTest : public ::testing::Test {
 protected:
  CloudWatchTest() {
    auto client = MakeCloudWatch(service_.options());
    EXPECT_THAT(client, IsOk());
    if (client.ok()) client_ = *std::move(client);
  }

  FakeService service_;
  std::unique_ptr<CloudWatch> client_;
};

TEST_F(CloudWatchTest, PutsMetrics) {
  const WallTime time{std::chrono::seconds(1764000000)};
  ASSERT_THAT(
      client_->PutMetricData(
          "game",
          {{.name = "players",
            .dimensions = {{"fleet", "f 1"}, {"region", "eu"}},
            .timestamp = time,
            .value = 12.5,
            .unit = "Count",
            .high_resolution = true},
           {.name = "wait",
            .statistics = StatisticSet{.sample_count = 2, .sum = 3, .minimum = 1, .maximum = 2}},
           {.name = "ping", .values = {20, 1e-7}, .counts = {3, 1}}}),
      IsOk());
  EXPECT_EQ(
      service_.last().body,
      "Action=PutMetricData&Version=2010-08-01&Namespace=game&MetricData.member.1.MetricName="
      "players&MetricData.member.1.Dimensions.member.1.Name=fleet&MetricData.member.1.Dimensions."
      "member.1.Value=f+1&MetricData.member.1.Dimensions.member.2.Name=region&MetricData.member."
      "1.Dimensions.member.2.Value=eu&MetricData.member.1.Timestamp=2025-11-24T16%3A00%3A00Z&"
      "MetricData.member.1.Value=12.5&MetricData.member.1.Unit=Count&MetricData.member.1."
      "StorageResolution=1&MetricData.member.2.MetricName=wait&MetricData.member.2."
      "StatisticValues.SampleCount=2&MetricData.member.2.StatisticValues.Sum=3&MetricData.member.2."
      "StatisticValues.Minimum=1&MetricData.member.2.StatisticValues.Maximum=2&MetricData.member.3."
      "MetricName=ping&MetricData.member.3.Values.member.1=20&MetricData.member.3.Values.member.2="
      "1e-07&MetricData.member.3.Counts.member.1=3&MetricData.member.3.Counts.member.2=1");
}

TEST_F(CloudWatchTest, SplitsByNumber) {
  const std::vector<MetricDatum> metrics(2001, {.name = "m", .value = 1});
  ASSERT_THAT(client_->PutMetricData("game", metrics), IsOk());
  ASSERT_EQ(service_.requests().size(), 3u);
  EXPECT_THAT(service_.requests()[0].body, HasSubstr("MetricData.member.1000.Value=1"));
  EXPECT_THAT(service_.last().body, HasSubstr("Namespace=game&MetricData.member.1.MetricName=m"));
}

TEST_F(CloudWatchTest, SplitsBySize) {
  MetricDatum large{.name = std::string(255, 'n'), .value = 1};
  for (int i = 0; i < 30; ++i) {
    large.dimensions["d" + std::to_string(i)] = std::string(1024, 'v');
  }
  const auto requests = SplitMetrics("game", std::vector<MetricDatum>(100, large));
  std::size_t metrics = 0;
  for (const MetricRequest& request : requests) {
    EXPECT_LE(request.form.size(), 999'900u);
    EXPECT_GT(request.form.size(), 300'000u);
    metrics += request.metrics;
  }
  EXPECT_EQ(metrics, 100u);
  EXPECT_EQ(requests.size(), 4u);
}

TEST_F(CloudWatchTest, AnErrorSaysHowManyWereTaken) {
  const std::vector<MetricDatum> metrics(2001, {.name = "m", .value = 1});
  service_.Reply(200, "");
  service_.Reply(500, "");
  const Status status = client_->PutMetricData("game", metrics);
  EXPECT_THAT(status, StatusIs(StatusCode::kInternal, HasSubstr("after 1000 metrics")));
  EXPECT_EQ(service_.requests().size(), 2u);  // not repeated, nor gone on
}

TEST_F(CloudWatchTest, NamesEachMistakeAndSendsNothing) {
  MetricDatum bad{.name = "",
                  .value = std::numeric_limits<double>::quiet_NaN(),
                  .values = {1},
                  .counts = {1, 2},
                  .unit = "Parsecs"};
  for (int i = 0; i < 31; ++i) bad.dimensions["d" + std::to_string(i)] = "v";
  bad.dimensions[":colon"] = "v";
  EXPECT_THAT(client_->PutMetricData("", {{.name = "ok", .value = 1}, bad}),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("Namespace"), HasSubstr("MetricData[1] must have a name"),
                             HasSubstr("one of value, statistics and values"),
                             HasSubstr("not finite"), HasSubstr("as many counts"),
                             HasSubstr("unknown unit"), HasSubstr("more than 30 dimensions"),
                             HasSubstr("a dimension that is no text"))));
  EXPECT_THAT(client_->PutMetricData("game", {}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(client_->PutMetricData("game", {{.name = "m", .value = 1e300}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("2^360")));
  EXPECT_TRUE(service_.requests().empty());
}

}  // namespace
}  // namespace gsh::aws
