// Precedence, and the --config file.
#include "src/service/flag_sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/testing/temporary_directory.h"

namespace gsh::service {
namespace {

using gsh::testing::FakeEnv;
using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ConfigFileTest, ReadsKeysAndValues) {
  const auto entries = ParseConfig(
      "\xEF\xBB\xBF# comment\n; comment\n\n backend-addr = host \r\n[default]\nregions=a,b # c\n"
      "[gsh-x]\nname=\" quoted \"\nempty=\na = b=c",
      "f.ini", "gsh-x");
  ASSERT_THAT(entries, IsOk());
  std::vector<std::string> lines;
  for (const ConfigEntry& entry : *entries) {
    lines.push_back(std::to_string(entry.line) + " " + entry.key + "|" + entry.value);
  }
  EXPECT_THAT(lines, ElementsAre("4 backend-addr|host", "6 regions|a,b # c", "8 name| quoted ",
                                 "9 empty|", "10 a|b=c"));
}

TEST(ConfigFileTest, WhatIsNoEntryIsAnErrorWithItsLine) {
  EXPECT_THAT(ParseConfig("a=1\nsecret-value", "f.ini", "p"),
              StatusIs(StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("f.ini:2: "), Not(HasSubstr("secret-value")))));
  EXPECT_THAT(ParseConfig("=1", "f.ini", "p"), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseConfig("[other]\n", "f.ini", "p"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("[other]")));
  EXPECT_THAT(ParseConfig("[", "f.ini", "p"), StatusIs(StatusCode::kInvalidArgument));
}

TEST(ConfigFileTest, FilesAreReadAndBounded) {
  const testing::TemporaryDirectory dir;
  const std::string file = dir.File("config.ini");
  std::ofstream(file) << "a = 1\n";
  const auto entries = ReadConfigFile(file, "p");
  ASSERT_THAT(entries, IsOk());
  EXPECT_EQ(entries->size(), 1u);
  std::ofstream(file) << std::string((1u << 20) + 1, '#');
  EXPECT_THAT(ReadConfigFile(file, "p"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("1 MiB")));
  std::remove(file.c_str());
  EXPECT_THAT(ReadConfigFile(file, "p"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("No such file")));
  EXPECT_THAT(ReadConfigFile("/", "p"), StatusIs(StatusCode::kInvalidArgument));
}

class MergeTest : public ::testing::Test {
 protected:
  std::vector<std::string> Merge(const std::vector<std::string>& args) {
    auto merged = MergeSources(args, flags_, env_, entries_, "f.ini");
    EXPECT_THAT(merged, IsOk());
    if (!merged.ok()) return {};
    origins_ = merged->origins;
    return merged->args;
  }

  const std::vector<FlagSource> flags_ = {
      {"addr", {"GSH_ADDR"}}, {"port", {"PORT", "GSH_PORT"}}, {"label", {"GSH_LABEL"}, true}};
  FakeEnv env_;
  std::vector<ConfigEntry> entries_;
  std::map<std::string, std::string> origins_;
};

TEST_F(MergeTest, FlagThenEnvironmentThenFile) {
  env_ = FakeEnv({{"GSH_ADDR", "env"}, {"GSH_PORT", "2"}});
  entries_ = {{"addr", "file", 1}, {"port", "3", 2}, {"label", "a=b", 3}};
  EXPECT_THAT(Merge({"--addr", "flag"}), ElementsAre("--port=2", "--label=a=b", "--addr", "flag"));
  EXPECT_EQ(origins_["port"], "environment GSH_PORT");
  EXPECT_EQ(origins_["label"], "f.ini:3");
  EXPECT_FALSE(origins_.contains("addr"));
}

TEST_F(MergeTest, AFlagAfterTwoDashesIsNotOurs) {
  entries_ = {{"addr", "file", 1}};
  EXPECT_THAT(Merge({"--", "--addr"}), ElementsAre("--addr=file", "--", "--addr"));
}

TEST_F(MergeTest, AnEmptyVariableIsNotSetButAnEmptyKeyIs) {
  env_ = FakeEnv({{"GSH_ADDR", ""}, {"PORT", ""}, {"GSH_PORT", "2"}});
  entries_ = {{"addr", "", 1}};
  EXPECT_THAT(Merge({}), ElementsAre("--addr", "", "--port=2"));
}

TEST_F(MergeTest, RepeatableFlags) {
  env_ = FakeEnv(std::map<std::string, std::string>{{"GSH_LABEL", " a=1  b=2 "}});
  EXPECT_THAT(Merge({}), ElementsAre("--label=a=1", "--label=b=2"));
  env_ = FakeEnv();
  entries_ = {{"label", "c 1", 1}, {"addr", "h", 2}, {"label", "d", 3}};
  EXPECT_THAT(Merge({}), ElementsAre("--addr=h", "--label=c 1", "--label=d"));
}

TEST_F(MergeTest, UnknownAndRepeatedKeysAreErrors) {
  EXPECT_THAT(
      MergeSources({}, flags_, env_, {{"prot", "1", 4}}, "f.ini"),
      StatusIs(StatusCode::kInvalidArgument, "f.ini:4: unknown key prot; did you mean port?"));
  EXPECT_THAT(MergeSources({}, flags_, env_, {{"port", "1", 1}, {"Port", "2", 4}}, "f.ini"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("f.ini:4: key Port")));
}

TEST(FlagValueTest, FindsTheLast) {
  const std::vector<std::string> args = {"--config",   "a",  "--configs=x",
                                         "--config=b", "--", "--config=c"};
  EXPECT_EQ(FlagValue(args, "config"), "b");
  EXPECT_EQ(FlagValue({"--config"}, "config"), "");
  EXPECT_TRUE(HasFlag(args, "config"));
  EXPECT_FALSE(HasFlag(args, "conf"));
}

}  // namespace
}  // namespace gsh::service
