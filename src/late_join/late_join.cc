#include "src/late_join/late_join.h"

#include <algorithm>
#include <utility>

#include "gsh/agones/match_annotation.h"
#include "gsh/mmf/backfill_slots.h"

namespace gsh::late_join {
namespace {

std::string RegionOf(const LateJoinOptions& options, const agones::GameServer& game_server) {
  if (!options.region.empty()) return options.region;
  const auto label = game_server.labels.find("region");
  return label == game_server.labels.end() ? "" : label->second;
}

std::string ConnectionOf(const agones::GameServer& game_server) {
  if (game_server.ports.empty()) return "";
  return game_server.address + ":" + std::to_string(game_server.ports.front().port);
}

}  // namespace

LateJoin::LateJoin(agones::GameServerSdk& sdk, openmatch::Frontend& frontend,
                   LateJoinOptions options)
    : frontend_(frontend), options_(std::move(options)) {
  subscription_ =
      sdk.WatchGameServer([this](const agones::GameServer& game_server) { OnChange(game_server); });
}

LateJoin::~LateJoin() { subscription_.reset(); }

openmatch::BackfillKeeperOptions LateJoin::KeeperFor(const agones::GameServer& game_server) const {
  const agones::MatchInfo match = agones::MatchOf(game_server).value_or(agones::MatchInfo{});
  const std::uint32_t free = options_.seats - std::min(options_.seats, players_);
  // Of the match's players, those who are there are no longer expected.
  const auto of_match = static_cast<std::uint32_t>(match.ticket_ids.size());
  const std::uint32_t expected = std::min(free, of_match - std::min(of_match, players_));
  return {.frontend = &frontend_,
          .format = mmf::BackfillSeatFormat(RegionOf(options_, game_server)),
          .free_seats = {free},
          .expected = {expected},
          .backfill_id = match.backfill_id,
          .backfill = {.search_fields = {.tags = options_.tags}},
          .assignment = {.connection = ConnectionOf(game_server)},
          .executor = options_.executor,
          .clock = options_.clock,
          .log = options_.log,
          .metrics = options_.metrics};
}

void LateJoin::OnChange(const agones::GameServer& game_server) {
  if (game_server.state != "Allocated") return;
  std::lock_guard lock(mutex_);
  if (closed_ || std::exchange(begun_, true)) return;
  if (RegionOf(options_, game_server).empty()) {
    Log(options_.log, LogLevel::kError, "no backfill: the game server has no label `region`");
    return;
  }
  auto keeper = openmatch::BackfillKeeper::Start(KeeperFor(game_server));
  if (!keeper.ok()) {
    Log(options_.log, LogLevel::kError, "no backfill", {{"error", keeper.status().ToString()}});
    return;
  }
  keeper_ = *std::move(keeper);
}

void LateJoin::PlayerJoined() {
  std::lock_guard lock(mutex_);
  ++players_;
  if (keeper_ != nullptr) keeper_->PlayerJoined();
}

void LateJoin::PlayerLeft() {
  std::lock_guard lock(mutex_);
  if (players_ > 0) --players_;
  if (keeper_ != nullptr) keeper_->PlayerLeft();
}

void LateJoin::Close(Duration patience) {
  std::unique_lock lock(mutex_);
  closed_ = true;
  const auto keeper = keeper_;
  lock.unlock();
  if (keeper == nullptr) return;
  const Status status = keeper->Close({.timeout = patience});
  if (!status.ok() && patience > Duration::zero()) {
    Log(options_.log, LogLevel::kWarning, "the backfill is left to expire",
        {{"error", status.ToString()}});
  }
}

std::string LateJoin::backfill_id() const {
  std::lock_guard lock(mutex_);
  return keeper_ == nullptr ? "" : keeper_->state().backfill_id;
}

}  // namespace gsh::late_join
