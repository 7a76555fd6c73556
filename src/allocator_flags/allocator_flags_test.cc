#include "src/allocator_flags/allocator_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gsh/testing/matchers.h"

namespace gsh::allocator_flags {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

std::vector<std::string> Parsed(std::string_view addresses) {
  const auto endpoints = ParseEndpoints(addresses, 443);
  EXPECT_THAT(endpoints, IsOk());
  return endpoints.ok() ? *endpoints : std::vector<std::string>{};
}

TEST(ParseEndpoints, TakesOne) {
  EXPECT_THAT(Parsed("allocator.agones-system.svc"),
              ElementsAre("allocator.agones-system.svc:443"));
  EXPECT_THAT(Parsed("10.0.0.1:8443"), ElementsAre("10.0.0.1:8443"));
}

TEST(ParseEndpoints, TakesSeveralInTheirOrder) {
  EXPECT_THAT(Parsed("b:8443,a, [::1]:9, ::1,[::2]"),
              ElementsAre("b:8443", "a:443", "[::1]:9", "[::1]:443", "[::2]:443"));
}

TEST(ParseEndpoints, RefusesAnEmptyOne) {
  for (const char* const text : {"", " ", "a,", ",a", "a,,b"}) {
    EXPECT_THAT(ParseEndpoints(text, 443), StatusIs(StatusCode::kInvalidArgument)) << text;
  }
}

// What a program with these flags says to a command line.
class ConnectTest : public ::testing::Test {
 protected:
  Status Connect(std::vector<std::string> args) {
    service::Program program("test", "A test.", "");
    AllocatorFlags flags;
    AddAllocatorFlags(program, flags);
    Status status = UnknownError("not run");
    program.Main(args, [&](service::Program& running) {
      status = ConnectAllocator(running, flags).status();
      return OkStatus();
    });
    return status;
  }
};

TEST_F(ConnectTest, MakesAnAllocatorOfOneAndOfSeveral) {
  EXPECT_THAT(Connect({"--allocator-insecure"}), IsOk());
  EXPECT_THAT(Connect({"--allocator-insecure", "-allocatorAddr", "a,b:444"}), IsOk());
}

TEST_F(ConnectTest, NamesEveryMistake) {
  EXPECT_THAT(
      Connect({"--allocator-insecure", "-allocatorAddr", "a:0,b,c:x"}),
      StatusIs(StatusCode::kInvalidArgument,
               AllOf(HasSubstr("-allocatorAddr"), HasSubstr("\"a:0\""), HasSubstr("\"c:x\""))));
  EXPECT_THAT(Connect({"--allocator-insecure", "-allocatorAddr", "a,b,a:443"}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("a:443")));
}

}  // namespace
}  // namespace gsh::allocator_flags
