#include "gsh/kubernetes/leases.h"

#include "src/core/await.h"
#include "src/kubernetes/api_fixture.h"
#include "src/kubernetes/common/micro_time.h"

namespace gsh::kubernetes {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;

class LeasesTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    leases_ = MakeLeases(*client_);
  }
  StatusOr<Lease> Get(const std::string& name) {
    return internal::Await<StatusOr<Lease>>({}, [&](CallOptions options, auto done) {
      leases_->GetAsync("games", name, std::move(options), done);
    });
  }
  StatusOr<Lease> Create(const Lease& lease) {
    return internal::Await<StatusOr<Lease>>({}, [&](CallOptions options, auto done) {
      leases_->CreateAsync(lease, std::move(options), done);
    });
  }
  StatusOr<Lease> Update(const Lease& lease) {
    return internal::Await<StatusOr<Lease>>({}, [&](CallOptions options, auto done) {
      leases_->UpdateAsync(lease, std::move(options), done);
    });
  }
  std::unique_ptr<Leases> leases_;
};

TEST_F(LeasesTest, AreMadeReadAndUpdated) {
  EXPECT_THAT(Get("l"), StatusIs(StatusCode::kNotFound));
  const WallTime time = *ParseTime("2026-11-21T14:00:00.123456Z");
  const Lease lease{.ns = "games",
                    .name = "l",
                    .holder = "me",
                    .duration = std::chrono::seconds(15),
                    .acquire_time = time,
                    .renew_time = time};
  auto made = Create(lease);
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->renew_time, time);
  EXPECT_THAT(Create(lease), StatusIs(StatusCode::kAlreadyExists));
  EXPECT_EQ(Get("l")->holder, "me");

  ASSERT_THAT(api_->store().Update("coordination.k8s.io/leases", "games", "l",
                                   [](Json& object) {
                                     object["metadata"]["labels"]["kept"] = "yes";
                                     return OkStatus();
                                   }),
              IsOk());
  made->holder = "other";
  EXPECT_THAT(Update(*made), StatusIs(StatusCode::kAborted));
  auto read = Get("l");
  read->holder = "other";
  ++read->transitions;
  EXPECT_THAT(Update(*read), IsOk());
  const Json stored = Stored("coordination.k8s.io/leases", "games", "l");
  EXPECT_EQ(TextAt(stored, {"spec", "holderIdentity"}), "other");
  EXPECT_EQ(TextAt(stored, {"spec", "renewTime"}), "2026-11-21T14:00:00.123456Z");
  EXPECT_EQ(TextAt(stored, {"metadata", "labels", "kept"}), "yes");
}

TEST_F(LeasesTest, OddOnesAreReadAsFarAsTheyGo) {
  Put("coordination.k8s.io/leases",
      R"({"metadata":{"name":"odd","namespace":"games"},"spec":{"holderIdentity":7,
          "leaseDurationSeconds":-5,"renewTime":"yesterday","leaseTransitions":99999999999}})");
  const auto lease = Get("odd");
  ASSERT_THAT(lease, IsOk());
  EXPECT_EQ(lease->holder, "");
  EXPECT_EQ(lease->duration.count(), 0);
  EXPECT_EQ(lease->renew_time, std::nullopt);
}

TEST(MicroTime, ThereAndBack) {
  for (const char* text : {"2026-11-21T14:00:00.123456Z", "1970-01-01T00:00:00.000000Z",
                           "1969-12-31T23:59:59.000001Z", "2100-02-28T23:59:59.999999Z"}) {
    const auto time = ParseTime(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(FormatMicroTime(*time), text);
  }
  EXPECT_EQ(FormatTime(*ParseTime("2026-11-21T14:00:00Z")), "2026-11-21T14:00:00Z");
  for (const char* text : {"", "2026", "2026-11-21", "2026-11-21T14:00:00", "2026-13-21T14:00:00Z",
                           "2026-11-21T14:00:00.Z", "2026-11-21T14:00:00+01:00",
                           "+026-11-21T14:00:00Z", "9999-11-21T14:00:00Z"}) {
    EXPECT_FALSE(ParseTime(text)) << text;
  }
}

}  // namespace
}  // namespace gsh::kubernetes
