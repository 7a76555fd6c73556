// Between the public structs and the wire messages, both ways; rvalues are moved from.
#ifndef GSH_SRC_OPENMATCH_CONVERT_H_
#define GSH_SRC_OPENMATCH_CONVERT_H_

#include <string>

#include "gsh/clock.h"
#include "gsh/openmatch/backend.h"
#include "gsh/openmatch/types.h"
#include "src/proto/openmatch.h"

namespace gsh::openmatch {

// Fields that are empty stay unset on the wire.
void ToWire(Ticket&& from, wire_openmatch::Ticket& to);
void ToWire(Backfill&& from, wire_openmatch::Backfill& to);
void ToWire(Assignment&& from, wire_openmatch::Assignment& to);
void ToWire(Pool&& from, wire_openmatch::Pool& to);
void ToWire(MatchProfile&& from, wire_openmatch::MatchProfile& to);
void ToWire(Match&& from, wire_openmatch::Match& to);
void ToWire(FunctionConfig&& from, wire_openmatch::FunctionConfig& to);

// What lies outside WallTime (years 1677 to 2262) becomes its first or last moment; nanoseconds
// outside their second, which timestamp.proto forbids, its begin or end.
WallTime TimeFromWire(const google::protobuf::Timestamp& from);

Ticket FromWire(wire_openmatch::Ticket&& from);
Backfill FromWire(wire_openmatch::Backfill&& from);
Assignment FromWire(wire_openmatch::Assignment&& from);
Pool FromWire(wire_openmatch::Pool&& from);
MatchProfile FromWire(wire_openmatch::MatchProfile&& from);
Match FromWire(wire_openmatch::Match&& from);

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_CONVERT_H_
