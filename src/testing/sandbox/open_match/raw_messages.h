// Answers that are put together from serialised tickets.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_RAW_MESSAGES_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_RAW_MESSAGES_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <span>

#include "src/testing/sandbox/open_match/ticket_store.h"

namespace gsh::sandbox {

// A QueryTicketsResponse of these tickets, from their serialised forms.
grpc::ByteBuffer TicketPage(std::span<const TicketRef> tickets);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_RAW_MESSAGES_H_
