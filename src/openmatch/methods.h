// Open Match's RPCs, and which of them may be repeated.
#ifndef GSH_SRC_OPENMATCH_METHODS_H_
#define GSH_SRC_OPENMATCH_METHODS_H_

#include "src/rpc/common/method.h"

namespace gsh::openmatch {

inline constexpr char kFrontendService[] = "openmatch.FrontendService";
inline constexpr char kBackendService[] = "openmatch.BackendService";
inline constexpr char kQueryService[] = "openmatch.QueryService";

using rpc::Idempotency;
using rpc::Method;

inline constexpr Method kCreateTicket{kFrontendService, "CreateTicket", Idempotency::kOnce};
inline constexpr Method kDeleteTicket{kFrontendService, "DeleteTicket"};
inline constexpr Method kGetTicket{kFrontendService, "GetTicket"};
inline constexpr Method kWatchAssignments{kFrontendService, "WatchAssignments"};
inline constexpr Method kCreateBackfill{kFrontendService, "CreateBackfill", Idempotency::kOnce};
inline constexpr Method kDeleteBackfill{kFrontendService, "DeleteBackfill"};
inline constexpr Method kGetBackfill{kFrontendService, "GetBackfill"};
// Counts the backfill's generation up each time, which game servers and match functions tolerate.
inline constexpr Method kUpdateBackfill{kFrontendService, "UpdateBackfill"};
inline constexpr Method kAcknowledgeBackfill{kFrontendService, "AcknowledgeBackfill"};

inline constexpr Method kFetchMatches{kBackendService, "FetchMatches", Idempotency::kOnce};
inline constexpr Method kAssignTickets{kBackendService, "AssignTickets"};
inline constexpr Method kReleaseTickets{kBackendService, "ReleaseTickets"};
inline constexpr Method kReleaseAllTickets{kBackendService, "ReleaseAllTickets"};

inline constexpr Method kQueryTickets{kQueryService, "QueryTickets"};
inline constexpr Method kQueryTicketIds{kQueryService, "QueryTicketIds"};
inline constexpr Method kQueryBackfills{kQueryService, "QueryBackfills"};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_METHODS_H_
