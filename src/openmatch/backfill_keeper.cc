#include "gsh/openmatch/backfill_keeper.h"

#include <utility>

#include "src/core/mistakes.h"
#include "src/openmatch/backfill_loop.h"

namespace gsh::openmatch {
namespace {

Status CheckOptions(const BackfillKeeperOptions& options) {
  internal::Mistakes mistakes("backfill keeper");
  mistakes.Check(options.frontend != nullptr, "frontend is missing");
  mistakes.Check(options.format.read && options.format.write, "format is missing");
  mistakes.Check(!options.free_seats.empty(), "free_seats is empty");
  mistakes.Check(options.expected.empty() || options.expected.size() == options.free_seats.size(),
                 "expected must have as many teams as free_seats");
  mistakes.Check(!options.assignment.connection.empty(), "assignment has no connection");
  mistakes.Check(options.acknowledge_interval > Duration::zero(),
                 "acknowledge_interval must be positive");
  mistakes.Check(options.expiry > options.acknowledge_interval,
                 "expiry must be longer than acknowledge_interval");
  mistakes.Check(options.join_timeout >= Duration::zero(), "join_timeout is negative");
  mistakes.Check(options.call_timeout > Duration::zero(), "call_timeout must be positive");
  return mistakes.ToStatus();
}

class Keeper final : public BackfillKeeper {
 public:
  explicit Keeper(BackfillKeeperOptions options)
      : loop_(std::make_shared<BackfillLoop>(std::move(options))) {
    loop_->Change([](BackfillPlan&) {});
  }
  ~Keeper() override { loop_->Abandon(); }

  void PlayerJoined(std::size_t team) override {
    const auto loop = loop_;  // on_event may destroy the keeper
    loop->Change([team](BackfillPlan& plan) { plan.PlayerJoined(team); });
  }
  void PlayerLeft(std::size_t team) override {
    const auto loop = loop_;
    loop->Change([team](BackfillPlan& plan) { plan.PlayerLeft(team); });
  }
  BackfillState state() const override { return loop_->state(); }
  Status Close(CallOptions options) override {
    const auto loop = loop_;
    return loop->Close(options);
  }

 private:
  const std::shared_ptr<BackfillLoop> loop_;
};

}  // namespace

StatusOr<std::unique_ptr<BackfillKeeper>> BackfillKeeper::Start(BackfillKeeperOptions options) {
  if (Status status = CheckOptions(options); !status.ok()) return status;
  if (options.executor == nullptr) options.executor = DefaultExecutor();
  if (options.clock == nullptr) options.clock = &SystemClock();
  if (options.rng == nullptr) options.rng = &SystemRng();
  return std::unique_ptr<BackfillKeeper>(std::make_unique<Keeper>(std::move(options)));
}

}  // namespace gsh::openmatch
