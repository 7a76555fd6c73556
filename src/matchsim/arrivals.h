// The tickets of a simulation.
#ifndef GSH_SRC_MATCHSIM_ARRIVALS_H_
#define GSH_SRC_MATCHSIM_ARRIVALS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gsh::matchsim {

// What is read or generated at most: a latency matrix for more would not fit a small machine.
inline constexpr std::size_t kMaxTickets = 10'000'000;
inline constexpr std::size_t kMaxRegions = 256;  // as the matcher's rules
inline constexpr std::size_t kMaxAttributes = 64;
inline constexpr std::size_t kMaxPartySize = 10'000;
inline constexpr double kMaxTimeS = 1e9;

// A string that tickets of one match may have to share, for example a mode.
struct Attribute {
  std::string name = {};
  std::vector<std::string> values = {};   // distinct
  std::vector<std::uint32_t> index = {};  // in `values`, one a ticket
};

// Structure of arrays, as the matcher wants it; one entry of each a ticket.
struct Arrivals {
  std::vector<std::string> regions = {};
  std::vector<double> time_s = {};  // rising, from 0
  // Ticket-major: latency_ms[ticket * regions.size() + region]; NaN: cannot be reached.
  std::vector<float> latency_ms = {};
  std::vector<std::uint16_t> party_size = {};  // players of the ticket; empty: 1 each
  std::vector<float> skill = {};               // empty: none has one
  std::vector<Attribute> attributes = {};
  std::vector<std::uint64_t> key = {};  // well mixed, distinct: breaks ties

  std::size_t size() const { return time_s.size(); }
  int PartySize(std::size_t ticket) const { return party_size.empty() ? 1 : party_size[ticket]; }
};

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_ARRIVALS_H_
