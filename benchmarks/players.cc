#include "benchmarks/players.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "benchmarks/engines.h"
#include "gsh/any.h"
#include "gsh/director/director.h"

namespace gsh::benchmarks {
namespace {

struct Player {
  openmatch::Ticket ticket;  // as created, or as it was to be
  SteadyTime due;
  SteadyTime told = SteadyTime::max();
  openmatch::Assignment assignment;
  bool failed = false;
};

// What runs on the client's threads.
class Game {
 public:
  Game(openmatch::Frontend& frontend, std::vector<Player>& players)
      : frontend_(frontend), players_(players), left_(players.size()) {}

  void Begin(std::size_t i) {
    frontend_.CreateTicketAsync(players_[i].ticket, Options(std::chrono::seconds(30)),
                                [this, i](StatusOr<openmatch::Ticket> created) {
                                  if (!created.ok()) return End(i, false);
                                  players_[i].ticket = *std::move(created);
                                  Watch(i);
                                });
  }

  void Await(Duration patience) {
    std::unique_lock lock(mutex_);
    const auto none_left = [this] { return left_ == 0; };
    if (ended_.wait_for(lock, patience, none_left)) return;
    lock.unlock();
    give_up_.request_stop();
    lock.lock();
    ended_.wait(lock, none_left);
  }

 private:
  CallOptions Options(std::optional<Duration> timeout) const {
    return {.timeout = timeout, .stop = give_up_.get_token(), .executor = InlineExecutor()};
  }

  void Watch(std::size_t i) {
    frontend_.WaitForAssignmentAsync(players_[i].ticket.id, Options({}),
                                     [this, i](StatusOr<openmatch::Assignment> assignment) {
                                       const bool gave_up = give_up_.stop_requested();
                                       if (!assignment.ok()) return End(i, gave_up);
                                       players_[i].told = std::chrono::steady_clock::now();
                                       players_[i].assignment = *std::move(assignment);
                                       End(i, true);
                                     });
  }

  void End(std::size_t i, bool as_it_should) {
    players_[i].failed = !as_it_should;
    std::lock_guard lock(mutex_);
    if (--left_ == 0) ended_.notify_all();
  }

  openmatch::Frontend& frontend_;
  std::vector<Player>& players_;
  std::stop_source give_up_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t left_;
};

// The value of "region" in gsh.match's JSON: a label value, so that nothing in it is escaped.
std::string RegionOf(const std::string& match) {
  constexpr std::string_view kKey = "\"region\":\"";
  const std::size_t at = match.find(kKey);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + kKey.size();
  return match.substr(begin, match.find('"', begin) - begin);
}

double SpreadIn(const std::string& region, const std::vector<const Player*>& match) {
  double least = std::numeric_limits<double>::max();
  double most = 0;
  for (const Player* player : match) {
    const double latency = player->ticket.search_fields.double_args.at("latency-" + region);
    least = std::min(least, latency);
    most = std::max(most, latency);
  }
  return most - least;
}

double SpreadOf(const std::string& match_extension, const std::vector<const Player*>& match) {
  if (const std::string region = RegionOf(match_extension); !region.empty()) {
    return SpreadIn(region, match);
  }
  double least = std::numeric_limits<double>::max();
  for (const std::string& region : Regions()) least = std::min(least, SpreadIn(region, match));
  return least;
}

PlayersResult Evaluate(const std::vector<Player>& players) {
  PlayersResult result;
  // By connection and gsh.match.
  std::map<std::pair<std::string, std::string>, std::vector<const Player*>> matches;
  for (const Player& player : players) {
    if (player.told == SteadyTime::max()) {
      ++(player.failed ? result.failed : result.left_over);
      continue;
    }
    result.waits_ms.push_back(
        std::chrono::duration<double, std::milli>(player.told - player.due).count());
    const auto found = player.assignment.extensions.find(director::kMatchExtension);
    const std::string match =
        found == player.assignment.extensions.end() ? "" : StringOf(found->second).value_or("");
    matches[{player.assignment.connection, match}].push_back(&player);
  }
  for (const auto& [key, match] : matches) {
    result.spreads_ms.push_back(SpreadOf(key.second, match));
  }
  return result;
}

}  // namespace

std::vector<openmatch::Ticket> MakeTickets(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  std::lognormal_distribution<double> latency(3.6, 0.7);
  std::vector<openmatch::Ticket> tickets(count);
  for (openmatch::Ticket& ticket : tickets) {
    ticket.search_fields.tags = {"mode.session"};
    for (const std::string& region : Regions()) {
      ticket.search_fields.double_args["latency-" + region] = std::min(latency(rng), 9000.0);
    }
  }
  return tickets;
}

PlayersResult Play(openmatch::Frontend& frontend, std::vector<openmatch::Ticket> tickets,
                   double rate, Duration patience) {
  std::vector<Player> players(tickets.size());
  Game game(frontend, players);
  const SteadyTime begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < players.size(); ++i) {
    players[i].ticket = std::move(tickets[i]);
    players[i].due = begin;
    if (rate > 0) {
      players[i].due += std::chrono::duration_cast<Duration>(
          std::chrono::duration<double>(static_cast<double>(i) / rate));
      std::this_thread::sleep_until(players[i].due);
    }
    game.Begin(i);
  }
  game.Await(patience);
  for (const Player& player : players) {
    if (player.told != SteadyTime::max() || player.ticket.id.empty()) continue;
    // A ticket that stays only waits for the next run's director.
    static_cast<void>(frontend.DeleteTicket(player.ticket.id));
  }
  return Evaluate(players);
}

}  // namespace gsh::benchmarks
