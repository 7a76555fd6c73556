#include "src/testing/sandbox/agones/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gsh::sandbox {
namespace {

using ::testing::ElementsAre;

TEST(CommandLineTest, SplitsAtBlanks) {
  EXPECT_THAT(SplitCommandLine("  ncat -l\t{port} ").value(), ElementsAre("ncat", "-l", "{port}"));
}

TEST(CommandLineTest, QuotesAndBackslashes) {
  EXPECT_THAT(SplitCommandLine(R"(sh -c 'echo "a b" \x' "c d"e "" f\ g "\"")").value(),
              ElementsAre("sh", "-c", R"(echo "a b" \x)", "c de", "", "f g", "\""));
}

TEST(CommandLineTest, Refuses) {
  for (const char* line : {"", "  ", "a 'b", "a \"b", "a\\"}) {
    EXPECT_EQ(SplitCommandLine(line).status().code(), StatusCode::kInvalidArgument) << line;
  }
}

TEST(CommandLineTest, Substitutes) {
  std::vector<std::string> words = {"{port}", "-p={port}:{port}", "x"};
  Substitute(words, "{port}", "7000");
  EXPECT_THAT(words, ElementsAre("7000", "-p=7000:7000", "x"));
}

}  // namespace
}  // namespace gsh::sandbox
