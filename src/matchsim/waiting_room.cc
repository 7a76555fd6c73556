#include "src/matchsim/waiting_room.h"

#include <algorithm>
#include <string>
#include <utility>

#include "src/matchsim/simulation.h"

namespace gsh::matchsim {

StatusOr<WaitingRoom> WaitingRoom::Make(const Arrivals& arrivals, const RoundMatcher& matcher) {
  std::vector<std::size_t> regions;
  for (const std::string& region : matcher.regions()) {
    const auto found = std::ranges::find(arrivals.regions, region);
    if (found == arrivals.regions.end()) {
      return InvalidArgumentError("the rules name the region \"" + region +
                                  "\", to which the tickets have no latency");
    }
    regions.push_back(static_cast<std::size_t>(found - arrivals.regions.begin()));
  }
  std::vector<const Attribute*> attributes;
  for (const std::string& name : matcher.attributes()) {
    const auto found = std::ranges::find(arrivals.attributes, name, &Attribute::name);
    if (found == arrivals.attributes.end()) {
      return InvalidArgumentError("the rules name the attribute \"" + name +
                                  "\", which the tickets do not have");
    }
    attributes.push_back(&*found);
  }
  return WaitingRoom(arrivals, std::move(regions), std::move(attributes));
}

WaitingRoom::WaitingRoom(const Arrivals& arrivals, std::vector<std::size_t> regions,
                         std::vector<const Attribute*> attributes)
    : arrivals_(&arrivals), regions_(std::move(regions)), attributes_(std::move(attributes)) {}

std::size_t WaitingRoom::Admit(double now_s) {
  const std::size_t before = next_;
  while (next_ < arrivals_->size() && arrivals_->time_s[next_] <= now_s) {
    waiting_.push_back(static_cast<std::uint32_t>(next_++));
    reasons_.push_back(kNoRound);
  }
  return next_ - before;
}

float WaitingRoom::LatencyMs(std::size_t place, std::size_t region) const {
  return arrivals_->latency_ms[waiting_[place] * arrivals_->regions.size() + regions_[region]];
}

matcher::Tickets WaitingRoom::Columns(double now_s) {
  latency_ms_.clear();
  wait_s_.clear();
  party_size_.clear();
  skill_.clear();
  attribute_.clear();
  key_.clear();
  for (std::size_t place = 0; place < size(); ++place) {
    const std::uint32_t ticket = waiting_[place];
    for (std::size_t r = 0; r < regions_.size(); ++r) latency_ms_.push_back(LatencyMs(place, r));
    wait_s_.push_back(static_cast<float>(WaitSeconds(place, now_s)));
    if (!arrivals_->party_size.empty()) party_size_.push_back(arrivals_->party_size[ticket]);
    if (!arrivals_->skill.empty()) skill_.push_back(arrivals_->skill[ticket]);
    for (const Attribute* attribute : attributes_) attribute_.push_back(attribute->index[ticket]);
    key_.push_back(arrivals_->key[ticket]);
  }
  return {.count = size(),
          .latency_ms = latency_ms_,
          .key = key_,
          .wait_s = wait_s_,
          .party_size = party_size_,
          .mean_latency_ms = latency_ms_,  // tickets bring one latency, whatever it is of
          .skill = skill_,
          .attributes = attribute_};
}

void WaitingRoom::Remove(const std::vector<bool>& gone) {
  std::size_t kept = 0;
  for (std::size_t place = 0; place < size(); ++place) {
    if (gone[place]) continue;
    waiting_[kept] = waiting_[place];
    reasons_[kept++] = reasons_[place];
  }
  waiting_.resize(kept);
  reasons_.resize(kept);
}

}  // namespace gsh::matchsim
