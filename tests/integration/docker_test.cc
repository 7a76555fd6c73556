// deploy/docker against the tree: no image is built here, but what its files name must be there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/running_program.h"

namespace gsh {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using Names = std::set<std::string>;

constexpr char kApp[] = "/app/";

std::string Read(const fs::path& file) {
  std::ifstream in(fs::path(GSH_SOURCE_DIR) / file);
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>(in), {}};
}

// What the expression's group matches in each place of the text.
Names All(const std::string& text, const std::string& expression) {
  const std::regex pattern(expression);
  Names found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

// Of all files of a folder with that name or ending.
Names AllBelow(const std::string& folder, const std::string& ending,
               const std::string& expression) {
  Names found;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(GSH_SOURCE_DIR) / folder)) {
    if (entry.path().string().ends_with(ending)) found.merge(All(Read(entry.path()), expression));
  }
  return found;
}

Names Words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

Names Programs() {
  Names programs = AllBelow("examples", "CMakeLists.txt", R"(gsh_program\(([a-z-]+))");
  programs.merge(AllBelow("tools", "CMakeLists.txt", R"(gsh_program\(([a-z-]+))"));
  return programs;
}

// Those that the first stage of the Dockerfile installs.
Names BuildPackages() {
  std::string text = Read("deploy/docker/Dockerfile");
  text = text.substr(0, text.find("rm -rf"));
  text = text.substr(text.find("--no-install-recommends"));
  Names words = Words(text);
  for (const char* const other : {"--no-install-recommends", "\\", "&&"}) words.erase(other);
  return words;
}

// One call: each reads all of Debian's lists.
void ExpectPackagesExist(const Names& packages) {
  std::vector<std::string> args = {"show", "--no-all-versions"};
  args.insert(args.end(), packages.begin(), packages.end());
  const testing::Outcome shown = testing::RunToEnd({.program = "/usr/bin/apt-cache", .args = args});
  EXPECT_EQ(All("\n" + shown.output, R"(\nPackage: (\S+))"), packages);
}

TEST(DockerTest, EveryImageOfTheManifestsIsAProgramOfOurs) {
  const Names images = AllBelow("deploy/kubernetes", ".yaml", R"(image: ([a-z0-9./:-]+))");
  EXPECT_THAT(images, Contains("gsh-director"));
  EXPECT_THAT(Programs(), IsSupersetOf(images));
}

TEST(DockerTest, EveryCommandOfTheManifestsIsInAnImage) {
  const Names commands =
      AllBelow("deploy/kubernetes", ".yaml", R"re(command: \["?(/[a-zA-Z0-9/_-]+))re");
  const std::string dockerfile = Read("deploy/docker/Dockerfile");
  const Names programs = Programs();
  EXPECT_FALSE(commands.empty());
  for (const std::string& command : commands) {
    ASSERT_TRUE(command.starts_with(kApp)) << command;
    if (programs.contains(command.substr(sizeof(kApp) - 1))) continue;  // the Dockerfile's $PROGRAM
    EXPECT_THAT(dockerfile, HasSubstr("/image" + command + " ;;"));
  }
  // And the other way: what a name of the samples leads to is there.
  for (const std::string& program : All(dockerfile, R"(ln -s (gsh-[a-z-]+) )")) {
    EXPECT_TRUE(programs.contains(program)) << program;
  }
}

// A dependency that the build gets must not be forgotten here.
TEST(DockerTest, InstallsWhatTheBuildNeeds) {
  const std::string script = Read("scripts/lib/common.sh");
  const std::size_t begin = script.find("build_packages=(") + sizeof("build_packages=(") - 1;
  Names wanted = Words(script.substr(begin, script.find(')', begin) - begin));
  EXPECT_EQ(wanted.erase("ccache") + wanted.erase("python3"), 2u) << "of the scripts alone";
  EXPECT_EQ(BuildPackages(), wanted);
  wanted.insert("ca-certificates");
  ExpectPackagesExist(wanted);
}

TEST(DockerTest, RunsAsNobodyOnDebianBookworm) {
  const std::string dockerfile = Read("deploy/docker/Dockerfile");
  EXPECT_EQ(All(dockerfile, R"(FROM (\S+))"), (Names{"debian:bookworm", "debian:bookworm-slim"}));
  const Names users = All(dockerfile, R"(\nUSER (\S+)\n)");
  EXPECT_EQ(users, Names{"65532:65532"});
  EXPECT_GT(dockerfile.rfind("\nUSER "), dockerfile.rfind("\nFROM "));
  EXPECT_THAT(AllBelow("deploy/kubernetes", ".yaml", R"(runAsUser: (\d+))"), Contains("65532"));
}

// What the first stage reads is let through, and neither builds nor history are.
TEST(DockerTest, TheContextHasWhatIsCompiled) {
  const std::string ignored = Read(".dockerignore");
  const Names let_through = All(ignored, R"(\n!([^\n]+))");
  EXPECT_TRUE(Words(ignored).contains("*"));
  EXPECT_THAT(let_through, IsSupersetOf(All(Read("CMakeLists.txt"),
                                            R"(add_subdirectory\((src|examples|tools)\b)")));
  EXPECT_THAT(let_through, IsSupersetOf({"CMakeLists.txt", "cmake", "include", "proto",
                                         "deploy/docker/runtime-packages"}));
  for (const std::string& path : let_through) {
    EXPECT_TRUE(fs::exists(fs::path(GSH_SOURCE_DIR) / path)) << path;
  }
  EXPECT_THAT(let_through, Not(Contains("build")));
  EXPECT_THAT(let_through, Not(Contains(".git")));
}

class RuntimePackagesTest : public ::testing::Test {
 protected:
  static testing::Outcome Run(const std::string& program) {
    return testing::RunToEnd(
        {.program = GSH_SOURCE_DIR "/deploy/docker/runtime-packages", .args = {program}});
  }
};

TEST_F(RuntimePackagesTest, NamesThePackagesOfEveryLibrary) {
  const testing::Outcome outcome = Run(GSH_BIN_DIR "/gsh-director");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const Names packages = Words(outcome.output);
  EXPECT_THAT(packages, IsSupersetOf({"libc6", "libstdc++6", "libssl3", "libgrpc++1.51"}));
  ExpectPackagesExist(packages);
}

TEST_F(RuntimePackagesTest, FailsForWhatIsNoProgram) {
  EXPECT_NE(Run("/etc/passwd").exit_code, 0);
  EXPECT_NE(Run("/nowhere").exit_code, 0);
}

}  // namespace
}  // namespace gsh
