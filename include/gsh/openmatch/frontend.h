// openmatch::Frontend: what players' side calls (open-match v1.8: api/frontend.proto, all nine
// RPCs).
#ifndef GSH_OPENMATCH_FRONTEND_H_
#define GSH_OPENMATCH_FRONTEND_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gsh/export.h"
#include "gsh/openmatch/types.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::openmatch {

// What a frontend answered to an acknowledged backfill: the backfill, and the tickets that joined
// it.
struct AcknowledgedBackfill {
  Backfill backfill = {};
  std::vector<Ticket> tickets = {};
};

// A port: MakeFrontend gives the gRPC adapter, tests give fakes and mocks. Implementations define
// the *Async calls; the blocking ones wait for them. May be called from several threads at once.
//
// CreateTicket and CreateBackfill are repeated only when the first call surely did not happen;
// every other call is idempotent and is retried.
class GSH_EXPORT Frontend {
 public:
  template <typename T>
  using Callback = std::function<void(StatusOr<T>)>;
  using DoneCallback = std::function<void(Status)>;

  virtual ~Frontend() = default;

  // Returns the ticket with its id and creation time. InvalidArgument, before anything is sent, for
  // NaN, negative or infinite latencies (double args named latency-*), text that is not UTF-8, and
  // what exceeds FrontendOptions' bounds.
  virtual void CreateTicketAsync(Ticket ticket, CallOptions options, Callback<Ticket> done) = 0;
  // OK for an unknown id too.
  virtual void DeleteTicketAsync(std::string ticket_id, CallOptions options, DoneCallback done) = 0;
  // NotFound for an unknown id.
  virtual void GetTicketAsync(std::string ticket_id, CallOptions options,
                              Callback<Ticket> done) = 0;
  // Calls `on_assignment` for each new assignment of the ticket until the stream ends, then `done`
  // once. Reconnects when the stream breaks (and reads the ticket by GetTicket meanwhile), without
  // calling twice for the same assignment. `on_assignment` returns false to stop watching (done
  // gets OK). NotFound when the ticket is gone. CallOptions::timeout bounds the whole watch; empty:
  // no limit.
  virtual void WatchAssignmentsAsync(std::string ticket_id, CallOptions options,
                                     std::function<bool(const Assignment&)> on_assignment,
                                     DoneCallback done) = 0;
  virtual void CreateBackfillAsync(Backfill backfill, CallOptions options,
                                   Callback<Backfill> done) = 0;
  virtual void DeleteBackfillAsync(std::string backfill_id, CallOptions options,
                                   DoneCallback done) = 0;
  virtual void GetBackfillAsync(std::string backfill_id, CallOptions options,
                                Callback<Backfill> done) = 0;
  virtual void UpdateBackfillAsync(Backfill backfill, CallOptions options,
                                   Callback<Backfill> done) = 0;
  // Must be called again before 80 % of the server's pendingReleaseTimeout (48 s by default) has
  // passed.
  virtual void AcknowledgeBackfillAsync(std::string backfill_id, Assignment assignment,
                                        CallOptions options,
                                        Callback<AcknowledgedBackfill> done) = 0;

  StatusOr<Ticket> CreateTicket(Ticket ticket, CallOptions options = {});
  Status DeleteTicket(std::string ticket_id, CallOptions options = {});
  StatusOr<Ticket> GetTicket(std::string ticket_id, CallOptions options = {});
  StatusOr<Backfill> CreateBackfill(Backfill backfill, CallOptions options = {});
  Status DeleteBackfill(std::string backfill_id, CallOptions options = {});
  StatusOr<Backfill> GetBackfill(std::string backfill_id, CallOptions options = {});
  StatusOr<Backfill> UpdateBackfill(Backfill backfill, CallOptions options = {});
  StatusOr<AcknowledgedBackfill> AcknowledgeBackfill(std::string backfill_id, Assignment assignment,
                                                     CallOptions options = {});

  // The ticket's first assignment that has a connection. Waits without limit unless options.timeout
  // says so (DeadlineExceeded); Cancelled when options.stop is asked for; NotFound when the ticket
  // is gone.
  void WaitForAssignmentAsync(std::string ticket_id, CallOptions options,
                              Callback<Assignment> done);
  StatusOr<Assignment> WaitForAssignment(std::string ticket_id, CallOptions options = {});
};

struct FrontendOptions {
  ClientOptions client = {};
  // Bounds on what is sent; 0: no bound.
  std::size_t max_tags = 256;
  std::size_t max_args = 256;                  // double args, and string args, each
  std::size_t max_extension_bytes = 1u << 20;  // extensions and persistent fields together
};

// InvalidArgument names every bad option. Connects lazily: an unreachable server shows at the first
// call.
GSH_EXPORT StatusOr<std::unique_ptr<Frontend>> MakeFrontend(FrontendOptions options);

}  // namespace gsh::openmatch

#endif  // GSH_OPENMATCH_FRONTEND_H_
