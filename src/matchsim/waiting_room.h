// The tickets that wait, as the columns that a matcher reads.
#ifndef GSH_SRC_MATCHSIM_WAITING_ROOM_H_
#define GSH_SRC_MATCHSIM_WAITING_ROOM_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "gsh/matcher/tickets.h"
#include "gsh/status.h"
#include "src/matchsim/arrivals.h"
#include "src/matchsim/round_matcher.h"

namespace gsh::matchsim {

class WaitingRoom {
 public:
  // InvalidArgument if the arrivals lack regions or attributes that the matcher wants. Both must
  // outlive the room.
  static StatusOr<WaitingRoom> Make(const Arrivals& arrivals, const RoundMatcher& matcher);

  // Those that have come by `now_s`; how many they are.
  std::size_t Admit(double now_s);
  bool AllCame() const { return next_ == arrivals_->size(); }

  std::size_t size() const { return waiting_.size(); }
  std::uint32_t Arrival(std::size_t place) const { return waiting_[place]; }  // its index
  double WaitSeconds(std::size_t place, double now_s) const {
    return now_s - arrivals_->time_s[waiting_[place]];
  }
  float LatencyMs(std::size_t place, std::size_t region) const;  // the matcher's region
  // Why it was not matched in the last round that it was in.
  std::string_view Reason(std::size_t place) const { return reasons_[place]; }
  void SetReason(std::size_t place, std::string_view reason) { reasons_[place] = reason; }

  // Valid until the room changes.
  matcher::Tickets Columns(double now_s);

  // They go: `gone` has one entry for each place.
  void Remove(const std::vector<bool>& gone);

 private:
  WaitingRoom(const Arrivals& arrivals, std::vector<std::size_t> regions,
              std::vector<const Attribute*> attributes);

  const Arrivals* arrivals_;
  std::vector<std::size_t> regions_;  // columns of the arrivals that the matcher reads
  std::vector<const Attribute*> attributes_;
  std::size_t next_ = 0;
  std::vector<std::uint32_t> waiting_;  // in order of arrival
  std::vector<std::string_view> reasons_;

  std::vector<float> latency_ms_;
  std::vector<float> wait_s_;
  std::vector<std::uint16_t> party_size_;
  std::vector<float> skill_;
  std::vector<std::uint32_t> attribute_;
  std::vector<std::uint64_t> key_;
};

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_WAITING_ROOM_H_
