// What no oracle judges: places of mistakes, bounds, paths. tests/aws compares the rest with
// botocore.
#include "src/aws/config/shared_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/aws/config/ini.h"
#include "src/aws/config/shell_words.h"
#include "src/testing/temporary_directory.h"

namespace gsh::aws {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;
using testing::StatusIs;

Status Mistake(std::string_view text) { return ParseIni(text, "f").status(); }

TEST(Ini, SectionsSettingsAndWhatIsNested) {
  const auto sections = ParseIni(
      "\xef\xbb\xbf# c\r\n[default]\r\nRegion: r\r\ns3 =\r\n  style = path\r\n\r\n[x]\r\na=b\n",
      "f");
  ASSERT_THAT(sections, IsOk());
  ASSERT_EQ(sections->size(), 2u);
  EXPECT_EQ(sections->at(0).name, "default");
  EXPECT_THAT(sections->at(0).settings, ElementsAre(Pair("region", "r"), Pair("s3.style", "path")));
  EXPECT_THAT(sections->at(1).settings, ElementsAre(Pair("a", "b")));
}

TEST(Ini, MistakesHaveFileAndLineAndNoValue) {
  EXPECT_THAT(Mistake("[a]\nk = 1\nK = 2\n"),
              StatusIs(StatusCode::kInvalidArgument, "f:3: setting k is given twice"));
  EXPECT_THAT(Mistake("[a]\r\n[b]\r\n[a]\r\n"),
              StatusIs(StatusCode::kInvalidArgument, "f:3: section [a] is given twice"));
  EXPECT_THAT(Mistake("k = 1\n"),
              StatusIs(StatusCode::kInvalidArgument, "f:1: a line before the first section"));
  EXPECT_THAT(Mistake("[a]\nsecretsecret\n"),
              StatusIs(StatusCode::kInvalidArgument, "f:2: neither a section nor a setting"));
  EXPECT_THAT(Mistake("[a]\n\n= secret\n"),
              StatusIs(StatusCode::kInvalidArgument, "f:3: a setting without a name"));
  EXPECT_THAT(
      Mistake("[a]\ns3 =\n  secret\n"),
      StatusIs(StatusCode::kInvalidArgument, "f:2: what is nested in s3 has a line without ="));
  EXPECT_THAT(Mistake(std::string("[a]\nk = a\0b\n", 12)),
              StatusIs(StatusCode::kInvalidArgument, "f:2: a control character"));
}

TEST(Ini, IsBounded) {
  EXPECT_THAT(ParseIni("[a]\nk=" + std::string((1u << 20) - 6, 'x'), "f"), IsOk());
  EXPECT_THAT(Mistake("[a]\nk=" + std::string(1u << 20, 'x')),
              StatusIs(StatusCode::kInvalidArgument, "f: larger than 1 MiB"));
  std::string text = "[DEFAULT]\nk=" + std::string(1u << 19, 'x') + "\n";
  EXPECT_THAT(ParseIni(text + "[a]\n", "f"), IsOk());
  EXPECT_THAT(Mistake(text + "[a]\n[b]\n[c]\n"),
              StatusIs(StatusCode::kInvalidArgument, "f: [DEFAULT] is too large"));
}

TEST(ShellWords, AsAShellCutsThem) {
  EXPECT_THAT(*SplitShellWords(R"(a  'b c' "d 'e" f\ g "\"\\\x" '' h"i"j)"),
              ElementsAre("a", "b c", "d 'e", "f g", R"("\\x)", "", "hij"));
  EXPECT_THAT(*SplitShellWords(" "), ElementsAre());
  for (const char* open : {"'a", "\"a", "a\\"}) EXPECT_FALSE(SplitShellWords(open)) << open;
}

class SharedConfigTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    const std::filesystem::path file = home_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  StatusOr<SharedConfig> Load(std::map<std::string, std::string> further = {}) {
    further.emplace("HOME", home_.string());
    return LoadSharedConfig(testing::FakeEnv(std::move(further)));
  }

  testing::TemporaryDirectory home_;
};

TEST_F(SharedConfigTest, FilesThatAreMissingAreEmpty) {
  ASSERT_THAT(Load(), IsOk());
  EXPECT_TRUE(Load()->profiles.empty());
  EXPECT_THAT(LoadSharedConfig(testing::FakeEnv()), IsOk()) << "no home";
}

TEST_F(SharedConfigTest, VariablesNameOtherFiles) {
  Write("c", "[profile a]\nregion = r\n");
  Write("s", "[a]\naws_access_key_id = k\n");
  const auto config =
      Load({{"AWS_CONFIG_FILE", "~/c"}, {"AWS_SHARED_CREDENTIALS_FILE", "${HOME}/s"}});
  ASSERT_THAT(config, IsOk());
  EXPECT_THAT(config->profiles.at("a"),
              ElementsAre(Pair("aws_access_key_id", "k"), Pair("region", "r")));
  EXPECT_THAT(Load({{"AWS_CONFIG_FILE", "$NOT_SET/c"}}), IsOk());
  EXPECT_THAT(Load({{"AWS_CONFIG_FILE", "${HOME"}}), IsOk());
}

// A folder of that name where the program runs may be anybody's, and a profile can name programs.
TEST_F(SharedConfigTest, WithoutAHomeNoFolderOfThatNameIsRead) {
  Write("~/.aws/config", "[default]\nregion = r\n");
  Write("~/.aws/credentials", "[default]\naws_access_key_id = k\n");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(home_.path());
  const auto config = LoadSharedConfig(testing::FakeEnv());
  std::filesystem::current_path(before);
  ASSERT_THAT(config, IsOk());
  EXPECT_TRUE(config->profiles.empty());
}

TEST_F(SharedConfigTest, WithoutAHomeTheSystemKnowsTheUsers) {
  const passwd* const user = getpwuid(getuid());
  if (user == nullptr || !std::filesystem::is_directory(user->pw_dir)) {
    GTEST_SKIP() << "the system knows no home of this user";
  }
  ASSERT_EQ(setenv("AWS_CONFIG_FILE", "~", 1), 0);
  const char* const home = std::getenv("HOME");
  const std::string kept = home == nullptr ? "" : home;
  unsetenv("HOME");
  const auto config = LoadSharedConfig(SystemEnv());
  if (home != nullptr) setenv("HOME", kept.c_str(), 1);
  unsetenv("AWS_CONFIG_FILE");
  EXPECT_THAT(config.status().message(), StartsWith(std::string(user->pw_dir) + ": "))
      << "a folder, which cannot be read as a file";
}

TEST_F(SharedConfigTest, MistakesNameTheFile) {
  Write(".aws/credentials", "[a]\nx\n");
  EXPECT_THAT(Load(), StatusIs(StatusCode::kInvalidArgument,
                               HasSubstr(home_.string() + "/.aws/credentials:2: ")));
}

TEST_F(SharedConfigTest, AFileThatCannotBeReadIsAnError) {
  std::filesystem::create_directories(home_.path() / ".aws/config");
  EXPECT_THAT(Load(), Not(IsOk()));
}

}  // namespace
}  // namespace gsh::aws
