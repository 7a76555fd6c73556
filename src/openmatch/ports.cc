// The blocking calls of the ports: each waits for its asynchronous one.
#include <memory>
#include <optional>
#include <utility>

#include "gsh/openmatch/backend.h"
#include "gsh/openmatch/frontend.h"
#include "gsh/openmatch/query.h"
#include "src/core/await.h"

namespace gsh::openmatch {

using gsh::internal::Await;

StatusOr<Ticket> Frontend::CreateTicket(Ticket ticket, CallOptions options) {
  return Await<StatusOr<Ticket>>(std::move(options), [&](CallOptions call, auto done) {
    CreateTicketAsync(std::move(ticket), std::move(call), std::move(done));
  });
}

Status Frontend::DeleteTicket(std::string ticket_id, CallOptions options) {
  return Await<Status>(std::move(options), [&](CallOptions call, auto done) {
    DeleteTicketAsync(std::move(ticket_id), std::move(call), std::move(done));
  });
}

StatusOr<Ticket> Frontend::GetTicket(std::string ticket_id, CallOptions options) {
  return Await<StatusOr<Ticket>>(std::move(options), [&](CallOptions call, auto done) {
    GetTicketAsync(std::move(ticket_id), std::move(call), std::move(done));
  });
}

StatusOr<Backfill> Frontend::CreateBackfill(Backfill backfill, CallOptions options) {
  return Await<StatusOr<Backfill>>(std::move(options), [&](CallOptions call, auto done) {
    CreateBackfillAsync(std::move(backfill), std::move(call), std::move(done));
  });
}

Status Frontend::DeleteBackfill(std::string backfill_id, CallOptions options) {
  return Await<Status>(std::move(options), [&](CallOptions call, auto done) {
    DeleteBackfillAsync(std::move(backfill_id), std::move(call), std::move(done));
  });
}

StatusOr<Backfill> Frontend::GetBackfill(std::string backfill_id, CallOptions options) {
  return Await<StatusOr<Backfill>>(std::move(options), [&](CallOptions call, auto done) {
    GetBackfillAsync(std::move(backfill_id), std::move(call), std::move(done));
  });
}

StatusOr<Backfill> Frontend::UpdateBackfill(Backfill backfill, CallOptions options) {
  return Await<StatusOr<Backfill>>(std::move(options), [&](CallOptions call, auto done) {
    UpdateBackfillAsync(std::move(backfill), std::move(call), std::move(done));
  });
}

StatusOr<AcknowledgedBackfill> Frontend::AcknowledgeBackfill(std::string backfill_id,
                                                             Assignment assignment,
                                                             CallOptions options) {
  return Await<StatusOr<AcknowledgedBackfill>>(
      std::move(options), [&](CallOptions call, auto done) {
        AcknowledgeBackfillAsync(std::move(backfill_id), std::move(assignment), std::move(call),
                                 std::move(done));
      });
}

void Frontend::WaitForAssignmentAsync(std::string ticket_id, CallOptions options,
                                      Callback<Assignment> done) {
  auto found = std::make_shared<std::optional<Assignment>>();
  WatchAssignmentsAsync(
      std::move(ticket_id), std::move(options),
      [found](const Assignment& assignment) {
        if (assignment.connection.empty()) return true;  // not the final word: go on watching
        *found = assignment;
        return false;
      },
      [found, done = std::move(done)](Status status) {
        if (found->has_value()) return done(std::move(**found));
        if (status.ok()) status = UnavailableError("the watch ended without an assignment");
        done(std::move(status));
      });
}

StatusOr<Assignment> Frontend::WaitForAssignment(std::string ticket_id, CallOptions options) {
  return Await<StatusOr<Assignment>>(std::move(options), [&](CallOptions call, auto done) {
    WaitForAssignmentAsync(std::move(ticket_id), std::move(call), std::move(done));
  });
}

StatusOr<std::vector<Match>> Backend::FetchMatches(FunctionConfig function, MatchProfile profile,
                                                   CallOptions options) {
  auto matches = std::make_shared<std::vector<Match>>();
  Status status = Await<Status>(std::move(options), [&](CallOptions call, auto done) {
    FetchMatchesAsync(
        std::move(function), std::move(profile), std::move(call),
        [matches](Match match) { matches->push_back(std::move(match)); }, std::move(done));
  });
  if (!status.ok()) return status;
  return std::move(*matches);
}

StatusOr<std::vector<AssignmentFailure>> Backend::AssignTickets(std::vector<AssignmentGroup> groups,
                                                                CallOptions options) {
  return Await<StatusOr<std::vector<AssignmentFailure>>>(
      std::move(options), [&](CallOptions call, auto done) {
        AssignTicketsAsync(std::move(groups), std::move(call), std::move(done));
      });
}

Status Backend::ReleaseTickets(std::vector<std::string> ticket_ids, CallOptions options) {
  return Await<Status>(std::move(options), [&](CallOptions call, auto done) {
    ReleaseTicketsAsync(std::move(ticket_ids), std::move(call), std::move(done));
  });
}

Status Backend::ReleaseAllTickets(CallOptions options) {
  return Await<Status>(std::move(options), [&](CallOptions call, auto done) {
    ReleaseAllTicketsAsync(std::move(call), std::move(done));
  });
}

StatusOr<std::vector<Ticket>> Query::QueryTickets(Pool pool, CallOptions options) {
  return Await<StatusOr<std::vector<Ticket>>>(std::move(options), [&](CallOptions call, auto done) {
    QueryTicketsAsync(std::move(pool), std::move(call), std::move(done));
  });
}

StatusOr<std::vector<std::string>> Query::QueryTicketIds(Pool pool, CallOptions options) {
  return Await<StatusOr<std::vector<std::string>>>(
      std::move(options), [&](CallOptions call, auto done) {
        QueryTicketIdsAsync(std::move(pool), std::move(call), std::move(done));
      });
}

StatusOr<std::vector<Backfill>> Query::QueryBackfills(Pool pool, CallOptions options) {
  return Await<StatusOr<std::vector<Backfill>>>(
      std::move(options), [&](CallOptions call, auto done) {
        QueryBackfillsAsync(std::move(pool), std::move(call), std::move(done));
      });
}

}  // namespace gsh::openmatch
