// What a simulation asks of a matcher, round by round.
#ifndef GSH_SRC_MATCHSIM_ROUND_MATCHER_H_
#define GSH_SRC_MATCHSIM_ROUND_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/matcher/tickets.h"
#include "gsh/status.h"

namespace gsh::matchsim {

struct RoundMatch {
  std::uint32_t region = 0;  // of the matcher's own
  std::uint32_t first_member = 0;
  std::uint32_t size = 0;  // tickets
};

struct RoundResult {
  std::vector<RoundMatch> matches = {};  // those that get a server first come first
  std::vector<std::uint32_t> members = {};
  std::vector<std::uint16_t> teams = {};  // beside `members`; empty: one team
  // Why each ticket is in no match; empty if it is in one.
  std::vector<std::string_view> reasons = {};
};

class RoundMatcher {
 public:
  virtual ~RoundMatcher() = default;
  // What the columns of Tickets::latency_ms and Tickets::attributes must be.
  virtual const std::vector<std::string>& regions() const = 0;
  virtual const std::vector<std::string>& attributes() const = 0;
  // `tickets` are those that wait, in order of arrival; rounds are numbered from 0. The views in
  // the result last as long as the matcher.
  virtual StatusOr<RoundResult> Match(const matcher::Tickets& tickets, std::size_t round) = 0;
};

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_ROUND_MATCHER_H_
