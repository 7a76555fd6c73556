// openmatch::Backend: what a director calls (open-match v1.8: api/backend.proto, all four RPCs).
#ifndef GSH_OPENMATCH_BACKEND_H_
#define GSH_OPENMATCH_BACKEND_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/openmatch/types.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::openmatch {

// Where Open Match finds the match function.
struct FunctionConfig {
  enum class Type { kGrpc, kRest };  // a REST function gets a fixed 3 s timeout from the server
  std::string host = {};
  int port = 50502;
  Type type = Type::kGrpc;
};

// The tickets that get one assignment.
struct AssignmentGroup {
  std::vector<std::string> ticket_ids = {};
  Assignment assignment = {};
};

struct AssignmentFailure {
  enum class Cause { kUnknown, kTicketNotFound };
  std::string ticket_id = {};
  Cause cause = Cause::kUnknown;
};

// A port; see Frontend for how it is used. FetchMatches is not retried (its matches may be half
// delivered; ask again in the next round); the other calls are idempotent.
class GSH_EXPORT Backend {
 public:
  using DoneCallback = std::function<void(Status)>;

  virtual ~Backend() = default;

  // Runs the match function on the profile: `on_match` for each accepted match as it comes, then
  // `done`. The server waits for its synchronizer's window (seconds): give a generous timeout.
  // After an error, the matches already given are still valid and their tickets pending.
  virtual void FetchMatchesAsync(FunctionConfig function, MatchProfile profile, CallOptions options,
                                 std::function<void(Match)> on_match, DoneCallback done) = 0;
  // The tickets that could not be assigned; the others were. InvalidArgument for a ticket listed
  // twice.
  virtual void AssignTicketsAsync(
      std::vector<AssignmentGroup> groups, CallOptions options,
      std::function<void(StatusOr<std::vector<AssignmentFailure>>)> done) = 0;
  // Makes the tickets available to the next round at once.
  virtual void ReleaseTicketsAsync(std::vector<std::string> ticket_ids, CallOptions options,
                                   DoneCallback done) = 0;
  virtual void ReleaseAllTicketsAsync(CallOptions options, DoneCallback done) = 0;

  // All matches at once. On an error those that came before it are lost to the caller: directors
  // use the asynchronous call.
  StatusOr<std::vector<Match>> FetchMatches(FunctionConfig function, MatchProfile profile,
                                            CallOptions options = {});
  StatusOr<std::vector<AssignmentFailure>> AssignTickets(std::vector<AssignmentGroup> groups,
                                                         CallOptions options = {});
  Status ReleaseTickets(std::vector<std::string> ticket_ids, CallOptions options = {});
  Status ReleaseAllTickets(CallOptions options = {});
};

struct BackendOptions {
  ClientOptions client = {};
};

GSH_EXPORT StatusOr<std::unique_ptr<Backend>> MakeBackend(BackendOptions options);

}  // namespace gsh::openmatch

#endif  // GSH_OPENMATCH_BACKEND_H_
