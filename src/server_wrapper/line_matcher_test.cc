#include "src/server_wrapper/line_matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/testing/matchers.h"
#include "src/server_wrapper/line_splitter.h"

namespace gsh::server_wrapper {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

LineMatcher MatcherOf(const std::string& profile) {
  return *LineMatcher::Make(*LoadProfile(profile));
}

// Lines of SuperTuxKart 1.4 (Debian 1.4+dfsg-2), as it writes them on a terminal.
TEST(StkProfileTest, KnowsTheServersLines) {
  const LineMatcher stk = MatcherOf("stk");
  const std::string colours = "\x1b[0;;m\x1b[0m";
  const std::string stamp = colours + "Sat Nov 21 23:58:28 2026 [info   ] ";
  EXPECT_TRUE(stk.Match(stamp + "STKHost: Listening has been started.").ready);
  EXPECT_FALSE(stk.Match(stamp + "STKHost: Host initialized.").ready);
  const LineNews joined =
      stk.Match(stamp + "STKHost: 127.0.0.1:60799 has just connected. There are now 1 peers.");
  EXPECT_EQ(joined.joined, "127.0.0.1:60799");
  EXPECT_EQ(joined.count, 1u);
  EXPECT_FALSE(joined.left);
  const LineNews left =
      stk.Match(stamp + "STKHost: 127.0.0.1:60799 has just disconnected. There are now 0 peers.");
  EXPECT_EQ(left.left, "127.0.0.1:60799");
  EXPECT_EQ(left.count, 0u);
  EXPECT_FALSE(left.joined);
  const LineNews none =
      stk.Match(stamp + "ServerLobby: Resetting the server to its initial state.");
  EXPECT_FALSE(none.ready || none.joined || none.left || none.count || none.empty);
}

// A player's name stands in the log, and must not pass for a line of the server's.
TEST(StkProfileTest, NamesOfPlayersForgeNothing) {
  const LineMatcher stk = MatcherOf("stk");
  const LineNews news = stk.Match(
      "Sat Nov 21 23:58:29 2026 [info   ] ServerLobby: New player [info   ] STKHost: x has just "
      "connected. There are now 9 peers. with online id 0 from 127.0.0.1:60799 with AI.");
  EXPECT_FALSE(news.joined || news.count || news.ready);
  const LineNews cut = stk.Match(
      "Sat Nov 21 23:58:29 2026 [info   ] ServerLobby: [info   ] STKHost: x has just connected. "
      "There are now 9 peers.");
  EXPECT_FALSE(cut.joined || cut.count);
}

// Lines of ncat 7.93 with -vv, and the count that -vvv adds.
TEST(NcatProfileTest, KnowsTheServersLines) {
  const LineMatcher ncat = MatcherOf("ncat");
  EXPECT_TRUE(ncat.Match("Ncat: Listening on 127.0.0.1:23451").ready);
  EXPECT_EQ(ncat.Match("Ncat: Connection from 127.0.0.1 on file descriptor 4.").joined, "");
  EXPECT_FALSE(ncat.Match("Ncat: Connection from 127.0.0.1:38386.").joined);
  EXPECT_EQ(ncat.Match("NCAT DEBUG: Closing connection.").left, "");
  EXPECT_FALSE(ncat.Match("NCAT DEBUG: EOF on stdin").left);
  EXPECT_EQ(ncat.Match("NCAT DEBUG: Broker connection count is 3").count, 3u);
}

TEST(LineMatcherTest, AnyBytesAndHugeCounts) {
  const LineMatcher matcher = *LineMatcher::Make(
      *ParseProfile("joined = ^\\+(?P<player>.*)$\nleft = ^-\ncount = n=(?P<count>\\S+)", "p"));
  EXPECT_EQ(matcher.Match("+\xff\xfe name\r").joined, "\xff\xfe name");
  EXPECT_EQ(matcher.Match("+" + std::string(1000, 'x')).joined->size(), 128u);
  EXPECT_FALSE(matcher.Match("n=99999999999999999999").count);
  EXPECT_FALSE(matcher.Match("n=10001").count);
  EXPECT_FALSE(matcher.Match("n=many").count);
  EXPECT_EQ(matcher.Match("n=10000").count, 10000u);
}

TEST(PlainLineTest, LosesColoursAndTheCarriageReturn) {
  EXPECT_EQ(PlainLine("\x1b[0;31mred\x1b[0m\r"), "red");
  EXPECT_EQ(PlainLine("\x1b[0"), "");
  EXPECT_EQ(PlainLine("\x1b]x"), "\x1b]x");
  EXPECT_EQ(PlainLine(""), "");
}

TEST(LineSplitterTest, CutsAtEndsAndBoundsLines) {
  std::vector<std::string> lines;
  LineSplitter splitter([&](std::string_view line) { lines.emplace_back(line); });
  splitter.Add("a\nb");
  splitter.Add("c\n\nd");
  EXPECT_THAT(lines, ElementsAre("a", "bc", ""));
  splitter.End();
  EXPECT_EQ(lines.back(), "d");
  splitter.End();
  EXPECT_EQ(lines.size(), 4u);
  for (int i = 0; i < 100; ++i) splitter.Add(std::string(1000, 'x'));
  splitter.Add("\nnext\n");
  EXPECT_EQ(lines[4].size(), LineSplitter::kMaxLine);
  EXPECT_EQ(lines[5], "next");
}

struct BadProfile {
  const char* text;
  const char* mistake;
};

TEST(ProfileTest, SaysWhatIsWrong) {
  const BadProfile cases[] = {
      {"joined = (", "f:1: joined: missing )"},
      {"ready = a\nready = b\nleft = c", "f:2: ready is there twice"},
      {"colour = red", "f:1: unknown key colour"},
      {"count = \\d+", "f:1: count: a group"},
      {"terminal = yes", "f:1: terminal must be true or false"},
      {"left =", "f:1: left is empty"},
      {"ready = x", "f: nothing says that players leave"},
      {"left = x", "f: left needs joined or count"},
      {"nonsense", "f:1: expected key = value"},
      {"", "f: nothing says"},
  };
  for (const auto& [text, mistake] : cases) {
    EXPECT_THAT(ParseProfile(text, "f"), StatusIs(StatusCode::kInvalidArgument, HasSubstr(mistake)))
        << text;
  }
}

TEST(ProfileTest, ReadsAll) {
  const auto profile = ParseProfile(
      "# a game\nready = ^up # really\njoined = a\nleft = b\nempty = c\nterminal = true\n", "f");
  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->ready, "^up # really");
  EXPECT_EQ(profile->empty, "c");
  EXPECT_TRUE(profile->terminal);
  EXPECT_THAT(LoadProfile("/nowhere/profile"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("/nowhere/profile")));
  EXPECT_THAT(BuiltInProfiles(), ElementsAre("ncat", "stk"));
  for (const std::string& name : BuiltInProfiles()) EXPECT_THAT(LoadProfile(name), IsOk());
}

}  // namespace
}  // namespace gsh::server_wrapper
