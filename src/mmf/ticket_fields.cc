#include "src/mmf/ticket_fields.h"

#include <algorithm>
#include <limits>

#include "gsh/mmf/search_fields.h"
#include "src/openmatch/wire_ticket.h"

namespace gsh::mmf {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool Widens(const matcher::Limit& limit) { return !limit.steps.empty() || limit.linear_per_s > 0; }

}  // namespace

bool UseWaits(const matcher::Rules& rules) {
  const bool smaller_later = rules.min_match_size > 0 && rules.max_wait_s > 0;
  return smaller_later || rules.order == matcher::Order::kOldestFirst ||
         Widens(rules.max_spread_ms) || Widens(rules.min_score) ||
         std::ranges::any_of(rules.max_latency_ms, Widens);
}

TicketFields::TicketFields(const matcher::Rules& rules, bool with_create_time)
    : regions_(rules.regions.size()),
      attributes_(rules.equal_attributes.size()),
      has_means_(rules.party_latency == matcher::PartyLatency::kMean),
      has_skill_(rules.teams > 1 && rules.balance_teams),
      has_team_(rules.teams > 1),
      has_create_time_(with_create_time || UseWaits(rules)),
      text_args_(rules.equal_attributes) {
  for (const std::string& region : rules.regions) double_args_.push_back(kLatencyPrefix + region);
  if (has_means_) {
    for (const std::string& region : rules.regions) {
      double_args_.push_back(kMeanLatencyPrefix + region);
    }
  }
  missing_.assign(double_args_.size(), kNan);
  if (has_skill_) {
    double_args_.push_back(kSkillArg);
    missing_.push_back(0);
  }
  double_args_.push_back(kPartySizeArg);
  missing_.push_back(1);
  if (has_team_) text_args_.push_back(kTeamArg);
  Reset();
}

void TicketFields::Reset() {
  doubles_ = missing_;
  texts_.assign(text_args_.size(), {});
  create_time_.reset();
}

void TicketFields::Read(const openmatch::Ticket& ticket) {
  Reset();
  const openmatch::SearchFields& fields = ticket.search_fields;
  for (std::size_t i = 0; i < double_args_.size(); ++i) {
    const auto found = fields.double_args.find(double_args_[i]);
    if (found != fields.double_args.end()) doubles_[i] = found->second;
  }
  for (std::size_t i = 0; i < text_args_.size(); ++i) {
    const auto found = fields.string_args.find(text_args_[i]);
    if (found != fields.string_args.end()) texts_[i] = found->second;
  }
  if (has_create_time_) create_time_ = ticket.create_time;
}

bool TicketFields::Read(std::string_view bytes, std::string_view& id, std::size_t& tags) {
  Reset();
  openmatch::WireTicket ticket;
  if (!openmatch::ReadWireTicket(bytes, double_args_, doubles_, ticket)) return false;
  id = ticket.id;
  tags = ticket.tags;
  return !has_texts() || openmatch::ReadWireTexts(bytes, text_args_, texts_, create_time_);
}

std::span<const double> TicketFields::mean_latencies() const {
  if (!has_means_) return {};
  return std::span(doubles_).subspan(regions_, regions_);
}

}  // namespace gsh::mmf
