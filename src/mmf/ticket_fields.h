// What the rules of a run need to know of each ticket, and how it is read from either form.
#ifndef GSH_SRC_MMF_TICKET_FIELDS_H_
#define GSH_SRC_MMF_TICKET_FIELDS_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/matcher/rules.h"
#include "gsh/openmatch/types.h"

namespace gsh::mmf {

// True if some rule asks how long tickets have waited.
GSH_EXPORT bool UseWaits(const matcher::Rules& rules);

// Fields of one ticket, reused for the next. Texts are in the ticket's bytes.
class GSH_EXPORT TicketFields {
 public:
  // `with_create_time`: read even if no rule asks.
  TicketFields(const matcher::Rules& rules, bool with_create_time);

  void Read(const openmatch::Ticket& ticket);
  // False if the bytes are no openmatch.Ticket. Gives the ticket's id and number of tags too.
  bool Read(std::string_view bytes, std::string_view& id, std::size_t& tags);

  // Of each region, in ms: what the rules match by. NaN where there is none.
  std::span<const double> latencies() const { return std::span(doubles_).first(regions_); }
  std::span<const double> mean_latencies() const;  // empty unless the rules ask
  double party_size() const { return doubles_.back(); }
  bool has_skill() const { return has_skill_; }
  double skill() const { return doubles_[doubles_.size() - 2]; }  // if has_skill()
  bool has_team() const { return has_team_; }
  std::string_view team() const { return texts_.back(); }  // data() is null: none; if has_team()
  // Values of the rules' equal_attributes; data() is null for those that the ticket lacks.
  std::span<const std::string_view> attributes() const {
    return std::span(texts_).first(attributes_);
  }
  bool has_create_time() const { return has_create_time_; }
  const std::optional<WallTime>& create_time() const { return create_time_; }

 private:
  void Reset();
  bool has_texts() const { return !text_args_.empty() || has_create_time_; }

  const std::size_t regions_;
  const std::size_t attributes_;
  const bool has_means_;
  const bool has_skill_;
  const bool has_team_;
  const bool has_create_time_;
  // Latencies, mean latencies, skill, party size: last, because latencies are looked for first.
  std::vector<std::string> double_args_;
  std::vector<double> missing_;  // what they are where a ticket lacks them
  std::vector<double> doubles_;
  std::vector<std::string> text_args_;  // attributes, team
  std::vector<std::string_view> texts_;
  std::optional<WallTime> create_time_;
};

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_TICKET_FIELDS_H_
