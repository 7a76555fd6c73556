#include "src/service/logging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gsh/testing/manual_clock.h"

namespace gsh::service {
namespace {

class LoggingTest : public ::testing::Test {
 protected:
  LoggingTest() {
    setenv("TZ", "UTC-2", 1);  // two hours east: local time must not be taken for UTC
    tzset();
    clock_.Advance(std::chrono::milliseconds(1234));
  }
  ~LoggingTest() override {
    unsetenv("TZ");
    tzset();
  }
  std::string Take() {
    std::string text = out_.str();
    out_.str("");
    return text;
  }

  std::ostringstream out_;
  gsh::testing::ManualClock clock_;
  ProgramLog log_{std::make_shared<spdlog::sinks::ostream_sink_mt>(out_), clock_};
};

TEST_F(LoggingTest, TextHasTheSamplesTimeStamp) {
  Log(&log_, LogLevel::kInfo, "Generated 2 matches", {{"profile", "p"}, {"note", "a \"b\" c\n"}});
  EXPECT_EQ(Take(),
            "2026/01/01 02:00:01 Generated 2 matches profile=p note=\"a \\\"b\\\" c\\n\"\n");
  Log(&log_, LogLevel::kWarning, "late", {{"empty", ""}});
  EXPECT_EQ(Take(), "2026/01/01 02:00:01 warning: late empty=\"\"\n");
}

TEST_F(LoggingTest, NobodyForgesALine) {
  Log(&log_, LogLevel::kInfo, "user\n2026/01/01 forged\x1b[1m", {{"k\n", "v\r\nforged=1"}});
  EXPECT_EQ(Take(),
            "2026/01/01 02:00:01 user\\n2026/01/01 forged\\x1b[1m k\\n=\"v\\x0d\\nforged=1\"\n");
}

TEST_F(LoggingTest, JsonIsOneObjectALine) {
  log_.Configure(LogFormat::kJson, LogLevel::kInfo);
  Log(&log_, LogLevel::kError, "bad\n", {{"level", "x"}, {"peer", "h:1"}, {"raw", "\xff"}});
  const std::string line = Take();
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  const auto object = nlohmann::json::parse(line);
  EXPECT_EQ(object["time"], "2026-01-01T00:00:01.234Z");
  EXPECT_EQ(object["level"], "error");
  EXPECT_EQ(object["message"], "bad\n");
  EXPECT_EQ(object["level_"], "x");
  EXPECT_EQ(object["peer"], "h:1");
  EXPECT_EQ(object["raw"], "\xEF\xBF\xBD");
  EXPECT_EQ(line.find("{\"time\":"), 0u);
}

TEST_F(LoggingTest, LevelsFilterButLinesStay) {
  log_.Configure(LogFormat::kText, LogLevel::kError);
  Log(&log_, LogLevel::kWarning, "not this");
  const LogField fields[] = {{"matches", "3"}};
  log_.Line("Fetching matches", fields);
  EXPECT_EQ(Take(), "2026/01/01 02:00:01 Fetching matches\n");
  EXPECT_FALSE(log_.Enabled(LogLevel::kWarning));
  EXPECT_TRUE(log_.Enabled(LogLevel::kError));
  log_.Configure(LogFormat::kJson, LogLevel::kError);
  log_.Line("Fetching matches", fields);
  EXPECT_EQ(nlohmann::json::parse(Take())["matches"], "3");
}

TEST_F(LoggingTest, SecretsAreRedactedWhoeverWrites) {
  const LogField fields[] = {{"password", "hunter2"}, {"url", "redis://u:hunter2@h:1/0"}};
  for (LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    log_.Configure(format, LogLevel::kInfo);
    log_.Write(LogLevel::kInfo, "connecting to redis://u:hunter2@h", fields);
    log_.Line("to redis://:hunter2@h", fields);
    const std::string text = Take();
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_NE(text.find("[redacted]"), std::string::npos) << text;
  }
}

TEST(RedactUrlsTest, PasswordsAlone) {
  EXPECT_EQ(RedactUrls("a rediss://user:p@ss@h:1/0, http://h/p@q and x://u@h"),
            "a rediss://user:[redacted]@h:1/0, http://h/p@q and x://u:[redacted]@h");
  EXPECT_EQ(RedactUrls("mail a@b: no url"), "mail a@b: no url");
  EXPECT_EQ(RedactUrls("://"), "://");
}

TEST(ParseLogLevelTest, KnowsTheFour) {
  EXPECT_EQ(ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(ParseLogLevel("info"), LogLevel::kInfo);
  EXPECT_EQ(ParseLogLevel("warning"), LogLevel::kWarning);
  EXPECT_EQ(ParseLogLevel("error"), LogLevel::kError);
  EXPECT_EQ(ParseLogLevel("trace"), std::nullopt);
}

}  // namespace
}  // namespace gsh::service
