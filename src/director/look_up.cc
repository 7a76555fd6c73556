#include "src/director/look_up.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace gsh::director {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(2);

TicketState StateOf(const StatusOr<openmatch::Ticket>& answer) {
  using Kind = TicketState::Kind;
  if (!answer.ok()) {
    return {.kind = answer.status().code() == StatusCode::kNotFound ? Kind::kGone : Kind::kUnknown};
  }
  if (!answer->assignment || answer->assignment->connection.empty()) return {Kind::kWaiting, {}};
  return {Kind::kAssigned, answer->assignment->connection};
}

struct Answers {
  Answers(std::size_t count, std::function<void(std::vector<TicketState>)> fn)
      : states(count), missing(count), done(std::move(fn)) {}

  void Set(std::size_t i, TicketState state) {
    states[i] = std::move(state);  // each element is written by one callback alone
    if (missing.fetch_sub(1) == 1) done(std::move(states));
  }

  std::vector<TicketState> states;
  std::atomic<std::size_t> missing;
  const std::function<void(std::vector<TicketState>)> done;
};

}  // namespace

void LookUpTickets(const SessionPtr& session, const std::vector<std::string>& tickets,
                   std::function<void(std::vector<TicketState>)> done) {
  if (tickets.empty()) return done({});
  const auto answers = std::make_shared<Answers>(tickets.size(), std::move(done));
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    session->look_ups.Acquire([session, answers, i, ticket = tickets[i]](bool) {
      session->options.frontend->GetTicketAsync(
          ticket, session->CleanupCall(kTimeout),
          [session, answers, i](const StatusOr<openmatch::Ticket>& answer) {
            answers->Set(i, StateOf(answer));
            session->look_ups.Release();
          });
    });
  }
}

}  // namespace gsh::director
