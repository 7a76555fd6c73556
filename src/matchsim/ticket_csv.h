// Tickets as CSV (RFC 4180, without line breaks inside a field), with a header:
//
//   id,time,party,skill,attribute-mode,latency-us-east-1,latency-us-east-2
//   anna,0.5,1,1520,ranked,12.5,31
//   ben,2.25,3,1400,casual,48,
//
// time         seconds since the start, from 0; any order
// id           optional, distinct: breaks ties between equal tickets
// party        optional: players of the ticket, from 1
// skill        optional, a number; all tickets have one or none
// attribute-*  optional, any text (none, too): what rules may want to be equal in a match
// latency-*    one column a region, in ms from 0; empty or nan: cannot be reached
#ifndef GSH_SRC_MATCHSIM_TICKET_CSV_H_
#define GSH_SRC_MATCHSIM_TICKET_CSV_H_

#include <string>
#include <string_view>

#include "gsh/status.h"
#include "src/matchsim/arrivals.h"

namespace gsh::matchsim {

// Comes back sorted by time. InvalidArgument with line, column (of the table, from 1) and its name
// for the first mistake.
StatusOr<Arrivals> ParseTicketCsv(std::string_view text);

// What ParseTicketCsv reads back as the same, but for the keys.
std::string WriteTicketCsv(const Arrivals& arrivals);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_TICKET_CSV_H_
