#include "gsh/mmf/rules_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "src/testing/temporary_directory.h"

namespace gsh::mmf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Messages final : public LogSink {
 public:
  bool Enabled(LogLevel) const override { return true; }
  void Write(LogLevel level, std::string_view message, std::span<const LogField> fields) override {
    std::string line(message);
    for (const LogField& field : fields) line += " " + std::string(field.key) + "=" + field.value;
    if (level == LogLevel::kError) errors.push_back(line);
  }
  std::vector<std::string> errors;
};

class RulesFileTest : public ::testing::Test {
 protected:
  void Write(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }
  auto Open() {
    return OpenRulesFile({.path = path_, .defaults = {.match_size = 4}, .log = &messages_});
  }

  const testing::TemporaryDirectory dir_;
  const std::string path_ = dir_.File("rules.json");
  Messages messages_;
};

TEST_F(RulesFileTest, IsReadAgainWhenItChanges) {
  Write(R"({"regions":["a"],"match_size":2})");
  const auto file = Open();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->Current().match_size, 2);
  Write(R"({"regions":["b"],"match_size":3})");  // at once, and as long
  EXPECT_EQ((*file)->Current().match_size, 3);
  EXPECT_THAT((*file)->Current().regions, ElementsAre("b"));
  Write(R"({"regions":["b"]})");
  EXPECT_EQ((*file)->Current().match_size, 4);  // not the one it had before
  EXPECT_THAT(messages_.errors, IsEmpty());
}

TEST_F(RulesFileTest, ABadFileKeepsTheOldRulesAndIsReportedOnce) {
  Write(R"({"match_size":2})");
  const auto file = Open();
  ASSERT_TRUE(file.ok()) << file.status();
  Write(R"({"match_size":0})");
  EXPECT_EQ((*file)->Current().match_size, 2);
  EXPECT_EQ((*file)->Current().match_size, 2);
  ASSERT_THAT(messages_.errors, SizeIs(1));
  EXPECT_THAT(messages_.errors[0], HasSubstr("$.match_size"));
  std::remove(path_.c_str());
  EXPECT_EQ((*file)->Current().match_size, 2);
  ASSERT_THAT(messages_.errors, SizeIs(2));
  EXPECT_THAT(messages_.errors[1], HasSubstr("cannot be read"));
  Write(R"({"match_size":5})");
  EXPECT_EQ((*file)->Current().match_size, 5);
  Write(R"({"match_size":0})");  // the same mistake again is news again
  EXPECT_EQ((*file)->Current().match_size, 5);
  EXPECT_THAT(messages_.errors, SizeIs(3));
}

TEST_F(RulesFileTest, MustBeGoodAtTheStart) {
  EXPECT_EQ(Open().status().code(), StatusCode::kNotFound);
  Write(R"({"wat":1})");
  EXPECT_EQ(Open().status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(Open().status().message(), HasSubstr(path_));
  Write(std::string((1 << 20) + 5, ' '));
  EXPECT_EQ(Open().status().code(), StatusCode::kInvalidArgument);
}

// Not a mistake in any one member: only the whole shows it.
TEST_F(RulesFileTest, RulesThatDoNotFitTogetherAreBadToo) {
  Write(R"({"match_size":6,"teams":2})");  // regions and bands come from the profile
  const auto file = Open();
  ASSERT_TRUE(file.ok()) << file.status();
  Write(R"({"match_size":6,"teams":4})");
  EXPECT_EQ((*file)->Current().teams, 2);
  ASSERT_THAT(messages_.errors, SizeIs(1));
  EXPECT_THAT(messages_.errors[0], HasSubstr("$.teams"));
}

TEST_F(RulesFileTest, ABadMemberOfALimitIsNamedWithItsPath) {
  Write(R"({"max_latency_ms":{"value":50,"steps":[{"after_s":10,"value":100}]}})");
  const auto file = Open();
  ASSERT_TRUE(file.ok()) << file.status();
  Write(R"({"max_latency_ms":{"value":50,"steps":[{"after_s":10,"value":40}]}})");
  EXPECT_EQ((*file)->Current().max_latency_ms.at(0).steps.at(0).value, 100);
  ASSERT_THAT(messages_.errors, SizeIs(1));
  EXPECT_THAT(messages_.errors[0], HasSubstr("$.max_latency_ms.steps[0].value"));
}

TEST_F(RulesFileTest, AFolderIsNoFile) {
  EXPECT_EQ(OpenRulesFile({.path = dir_.string()}).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace gsh::mmf
