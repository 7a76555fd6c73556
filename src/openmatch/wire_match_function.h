// The way around openmatch's structs for match functions of ours: serialised tickets in, serialised
// proposals out. MatchFunctionServer takes it when its query can give tickets so, too.
#ifndef GSH_SRC_OPENMATCH_WIRE_MATCH_FUNCTION_H_
#define GSH_SRC_OPENMATCH_WIRE_MATCH_FUNCTION_H_

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/openmatch/types.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::openmatch {

// A Query that is one of these as well can give tickets as they came.
class GSH_EXPORT WireQuery {
 public:
  virtual ~WireQuery() = default;
  // Each an openmatch.Ticket, serialised.
  virtual void QueryWireTicketsAsync(
      Pool pool, CallOptions options,
      std::function<void(StatusOr<std::vector<std::string>>)> done) = 0;
};

struct WireMatchRequest {
  MatchProfile profile = {};
  std::map<std::string, std::vector<std::string>> pools = {};  // see MatchRequest
  std::map<std::string, std::vector<Backfill>> backfills = {};
  std::stop_token stop = {};
};

// Gives one proposal, an openmatch.RunResponse (see WireProposal); false as EmitProposal's. Nothing
// of it is checked: the function must not propose an id or a ticket twice.
using EmitWireProposal = std::function<bool(std::string proposal)>;

// A MatchFunction that holds one of these can be run both ways.
struct GSH_EXPORT DualMatchFunction {
  MatchFunction on_tickets = {};
  std::function<Status(const WireMatchRequest& request, const EmitWireProposal& emit)> on_wire = {};

  Status operator()(const MatchRequest& request, const EmitProposal& emit) const {
    return on_tickets(request, emit);
  }
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_WIRE_MATCH_FUNCTION_H_
