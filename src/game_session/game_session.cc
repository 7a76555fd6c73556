#include "src/game_session/game_session.h"

#include <string>
#include <tuple>
#include <utility>

namespace gsh::game_session {
namespace {

using std::chrono::seconds;

constexpr Duration kSideCarPatience = seconds(30);
constexpr Duration kPause = seconds(1);

}  // namespace

GameSession::GameSession(agones::GameServerSdk& sdk, SessionOptions options,
                         std::stop_token terminated, std::function<void()> on_over)
    : sdk_(sdk),
      options_(options),
      terminated_(std::move(terminated)),
      on_over_(std::move(on_over)) {}

GameSession::~GameSession() {
  guard_.reset();
  calls_.reset();  // waits for the calls that are under way
}

Status GameSession::Start() {
  sdk_.StartHealth(seconds(2));
  const agones::IdleGuardOptions guard = {.first_player_timeout = options_.first_player_timeout};
  if (Status status = KeepTrying([&] { return sdk_.GetGameServer(Call()).status(); });
      !status.ok()) {
    return status;
  }
  if (options_.player_tracking) {
    std::ignore = sdk_.SetPlayerCapacity(options_.player_capacity, Call());
  }
  guard_.emplace(sdk_, guard, [this](const std::string& reason) { End(reason); });
  return KeepTrying([&] { return sdk_.Ready(Call()); });
}

Status GameSession::KeepTrying(const std::function<Status()>& call) {
  const SteadyTime deadline = SystemClock().SteadyNow() + kSideCarPatience;
  while (true) {
    Status status = call();
    if (status.ok()) return status;
    if (terminated_.stop_requested()) return CancelledError("terminated before it was ready");
    if (SystemClock().SteadyNow() >= deadline) {
      return status.WithContext("no Agones side-car answers (AGONES_SDK_GRPC_PORT names its port)");
    }
    SystemClock().SleepFor(kPause, terminated_);
  }
}

void GameSession::PlayerJoined(const std::string& player) {
  guard_->PlayerJoined();
  if (!options_.player_tracking) return;
  calls_->Post([this, player] { std::ignore = sdk_.PlayerConnect(player, Call()); });
}

void GameSession::PlayerLeft(const std::string& player, std::size_t remaining) {
  if (options_.player_tracking) {
    calls_->Post([this, player] { std::ignore = sdk_.PlayerDisconnect(player, Call()); });
  }
  if (remaining == 0) End("the last player left");
  guard_->PlayerLeft();
}

void GameSession::End(const std::string& reason) {
  if (ending_.exchange(true)) return;
  Log(options_.log, LogLevel::kInfo, "shutting down", {{"reason", reason}});
  calls_->Post([this] {
    while (!terminated_.stop_requested()) {
      if (sdk_.Shutdown(Call()).ok()) {
        over_ = true;
        return on_over_();
      }
      SystemClock().SleepFor(kPause, terminated_);
    }
  });
}

void GameSession::Terminate() {
  if (over_) return;
  if (!ending_) Log(options_.log, LogLevel::kInfo, "shutting down", {{"reason", "terminated"}});
  std::ignore = sdk_.Shutdown({.timeout = seconds(2)});
}

}  // namespace gsh::game_session
