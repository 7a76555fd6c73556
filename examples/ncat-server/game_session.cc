#include "examples/ncat-server/game_session.h"

#include <string>
#include <tuple>
#include <utility>

namespace gsh::ncat_server {
namespace {

using std::chrono::seconds;

constexpr int kPlayerCapacity = 8;
constexpr Duration kSideCarPatience = seconds(30);
constexpr Duration kPause = seconds(1);

std::string PlayerId(int user) { return "user" + std::to_string(user); }

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
    std::ignore = sdk_.SetPlayerCapacity(kPlayerCapacity, Call());
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

void GameSession::PlayerJoined(int user) {
  guard_->PlayerJoined();
  if (!options_.player_tracking) return;
  calls_->Post([this, user] { std::ignore = sdk_.PlayerConnect(PlayerId(user), Call()); });
}

void GameSession::PlayerLeft(int user, std::size_t remaining) {
  if (options_.player_tracking) {
    calls_->Post([this, user] { std::ignore = sdk_.PlayerDisconnect(PlayerId(user), Call()); });
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

}  // namespace gsh::ncat_server
