// Serialised messages to and from gRPC's byte buffers, for the RPCs that are worth the trouble.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_RAW_MESSAGES_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_RAW_MESSAGES_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <span>
#include <string>

#include "src/testing/sandbox/open_match/ticket_store.h"

namespace gsh::sandbox {

// False if the bytes are no such message.
bool Parse(const grpc::ByteBuffer& buffer, google::protobuf::MessageLite* message);

// Takes the string over without copying it.
grpc::ByteBuffer ToByteBuffer(std::string bytes);

// A QueryTicketsResponse of these tickets, from their serialised forms.
grpc::ByteBuffer TicketPage(std::span<const TicketRef> tickets);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_RAW_MESSAGES_H_
