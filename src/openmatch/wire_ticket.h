// Tickets as they came from the query service, serialised: what the matcher needs is read from them
// in place, and proposals carry them on, so that a run over 100,000 of them makes no copy of each.
#ifndef GSH_SRC_OPENMATCH_WIRE_TICKET_H_
#define GSH_SRC_OPENMATCH_WIRE_TICKET_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gsh/export.h"
#include "gsh/openmatch/types.h"

namespace gsh::openmatch {

// What is read of a serialised ticket.
struct WireTicket {
  std::string_view id = {};  // in the bytes that were read
  std::size_t tags = 0;
};

// Reads the ticket and, into `values`, the double args of these names; those that it does not have
// keep what they were. False if the bytes are no openmatch.Ticket.
GSH_EXPORT bool ReadWireTicket(std::string_view bytes, std::span<const std::string> double_args,
                               std::span<double> values, WireTicket& ticket);

// What few rules ask for: the string args of these names into `values`, in the bytes that were read
// (those that it does not have keep what they were), and when the ticket was made. False as above.
GSH_EXPORT bool ReadWireTexts(std::string_view bytes, std::span<const std::string> string_args,
                              std::span<std::string_view> values,
                              std::optional<WallTime>& create_time);

// An openmatch.RunResponse, serialised: `proposal`, with these tickets after its own.
GSH_EXPORT std::string WireProposal(Match proposal, std::span<const std::string_view> tickets);

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_WIRE_TICKET_H_
