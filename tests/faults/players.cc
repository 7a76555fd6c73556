#include "tests/faults/players.h"

#include <gtest/gtest.h>

#include <latch>
#include <utility>

namespace gsh::faults {
namespace {

openmatch::Ticket TicketOf(int player, const std::vector<std::string>& regions) {
  openmatch::Ticket ticket;
  ticket.search_fields.tags = {"mode.session"};
  for (std::size_t i = 0; i < regions.size(); ++i) {
    // All in the first band, so that any four can play together; every other one is best to each.
    const bool best = static_cast<std::size_t>(player) % regions.size() == i;
    ticket.search_fields.double_args["latency-" + regions[i]] =
        (best ? 5 : 15) + (player % 97) * 0.05;
  }
  return ticket;
}

}  // namespace

void Players::Queue(openmatch::Frontend& frontend, int count,
                    const std::vector<std::string>& regions) {
  std::latch created(count);
  for (int i = 0; i < count; ++i) {
    frontend.CreateTicketAsync(TicketOf(i, regions), {}, [&](StatusOr<openmatch::Ticket> ticket) {
      EXPECT_TRUE(ticket.ok()) << ticket.status();
      {
        std::lock_guard lock(mutex_);
        if (ticket.ok()) tickets_.push_back(ticket->id);
      }
      created.count_down();
    });
  }
  created.wait();
}

void Players::Watch(openmatch::Frontend& frontend) {
  for (const std::string& ticket : tickets_) {
    frontend.WatchAssignmentsAsync(
        ticket, {},
        [this, ticket](const openmatch::Assignment& assignment) {
          return OnAssignment(ticket, assignment);
        },
        [this, ticket](const Status& status) { OnWatchEnd(ticket, status); });
  }
}

bool Players::OnAssignment(const std::string& ticket, const openmatch::Assignment& assignment) {
  const std::string& connection = assignment.connection;
  {
    std::lock_guard lock(mutex_);
    const auto found = connections_.find(ticket);
    if (found != connections_.end() && found->second.contains(connection)) return true;
  }
  const bool joined = join_(connection);
  std::lock_guard lock(mutex_);
  connections_[ticket].insert(connection);
  if (!joined) complaints_.push_back(ticket + ": no game server at " + connection);
  changed_.notify_all();
  return true;
}

void Players::OnWatchEnd(const std::string& ticket, const Status& status) {
  if (status.code() == StatusCode::kCancelled) return;  // the client was destroyed
  std::lock_guard lock(mutex_);
  complaints_.push_back(ticket + ": " + status.ToString());
}

bool Players::AwaitAssigned(std::size_t count, Duration timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return connections_.size() >= count; });
}

std::size_t Players::assigned() const {
  std::lock_guard lock(mutex_);
  return connections_.size();
}

std::map<std::string, std::set<std::string>> Players::connections() const {
  std::lock_guard lock(mutex_);
  return connections_;
}

std::vector<std::string> Players::complaints() const {
  std::lock_guard lock(mutex_);
  return complaints_;
}

}  // namespace gsh::faults
