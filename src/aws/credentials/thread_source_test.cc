#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <chrono>
#include <cstddef>
#include <future>
#include <stop_token>

#include "gsh/testing/matchers.h"
#include "src/aws/credentials/source.h"

namespace gsh::aws {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using namespace std::chrono_literals;

TEST(ThreadSource, AFetchDoesNotWaitForTheLastOnesCallback) {
  const auto source = MakeThreadSource([](std::stop_token) -> StatusOr<Fetched> {
    return Fetched{.credentials = Credentials("one", "secret")};
  });
  std::promise<void> begun;
  std::promise<void> release;
  source->FetchAsync({}, [&, go = release.get_future().share()](const auto&) {
    begun.set_value();
    go.wait();
  });
  begun.get_future().wait();
  std::promise<void> ended;
  auto second = std::async(
      std::launch::async, [&] { source->FetchAsync({}, [&](const auto&) { ended.set_value(); }); });
  EXPECT_EQ(second.wait_for(10s), std::future_status::ready);
  release.set_value();
  ended.get_future().wait();
}

TEST(ThreadSource, WithoutAThreadThereAreNoCredentials) {
  const auto source = MakeThreadSource([](std::stop_token) -> StatusOr<Fetched> {
    ADD_FAILURE() << "no thread can run this";
    return CancelledError("");
  });
  // A stack that no address space holds.
  pthread_attr_t usual;
  pthread_attr_t huge;
  ASSERT_EQ(pthread_getattr_default_np(&usual), 0);
  ASSERT_EQ(pthread_attr_init(&huge), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&huge, std::size_t{1} << 47), 0);
  ASSERT_EQ(pthread_setattr_default_np(&huge), 0);
  Status status;
  EXPECT_NO_THROW(source->FetchAsync({}, [&](const auto& got) { status = got.status(); }));
  EXPECT_EQ(pthread_setattr_default_np(&usual), 0);
  pthread_attr_destroy(&huge);
  pthread_attr_destroy(&usual);
  EXPECT_THAT(status, StatusIs(StatusCode::kResourceExhausted, HasSubstr("no thread")));
}

}  // namespace
}  // namespace gsh::aws
