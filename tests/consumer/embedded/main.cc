// Links an archive that has gRPC behind it, one that has nothing, and one for tests.
#include <cstdio>

#include "../check.h"
#include "gsh/agones/allocator.h"
#include "gsh/matcher/bands.h"
#include "gsh/testing/manual_clock.h"

int main() {
  gsh::testing::ManualClock clock;
  CHECK(clock.pending() == 0);
  CHECK(VALUE(gsh::matcher::ParseBands("0-24,25-49")).bands.size() == 2);
  const auto refused = gsh::agones::MakeAllocator({.client = {.endpoint = ""}});
  CHECK(refused.status().code() == gsh::StatusCode::kInvalidArgument);
  const auto allocator = VALUE(gsh::agones::MakeAllocator(
      {.client = {
           .endpoint = "127.0.0.1:1", .tls = {.insecure = true}, .retry = {.max_attempts = 1}}}));
  CHECK(allocator->Allocate({}).status().code() == gsh::StatusCode::kUnavailable);
  std::puts("built as a part of another project");
}
