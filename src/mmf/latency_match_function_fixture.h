// What the tests of the match function share: it runs at once, its proposals and counters are kept.
#ifndef GSH_SRC_MMF_LATENCY_MATCH_FUNCTION_FIXTURE_H_
#define GSH_SRC_MMF_LATENCY_MATCH_FUNCTION_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gsh/mmf/latency_match_function.h"
#include "gsh/testing/manual_clock.h"

namespace gsh::mmf {

class CountingRng final : public Rng {
 public:
  std::uint64_t Next() override { return next_++; }

 private:
  std::uint64_t next_ = 1;
};

class Totals final : public MetricsSink {
 public:
  void Add(std::string_view counter, double amount, std::span<const MetricLabel> labels) override {
    std::string name(counter);
    for (const MetricLabel& label : labels) {
      name += "{" + std::string(label.key) + "=" + std::string(label.value) + "}";
    }
    counters[name] += amount;
  }
  void Set(std::string_view, double, std::span<const MetricLabel>) override {}
  void Observe(std::string_view histogram, double, std::span<const MetricLabel>) override {
    ++counters[std::string(histogram)];
  }
  std::map<std::string, double> counters;
};

inline openmatch::Ticket MakeTicket(const std::string& id, std::map<std::string, double> args) {
  return {.id = id, .search_fields = {.double_args = std::move(args), .tags = {"mode.session"}}};
}

inline openmatch::MatchRequest RequestFor(std::vector<openmatch::Ticket> tickets) {
  return {.profile = {.name = "plain", .pools = {{.name = "all"}}},
          .pools = {{"all", std::move(tickets)}}};
}

class LatencyMatchFunctionTest : public ::testing::Test {
 protected:
  Status Run(const openmatch::MatchRequest& request) {
    const auto function = MakeLatencyMatchFunction({.match_size = match_size_,
                                                    .rules = rules_,
                                                    .on_run = on_run_,
                                                    .clock = &clock_,
                                                    .rng = &rng_,
                                                    .metrics = &totals_});
    proposals_.clear();
    return function(request, [this](openmatch::Match match) {
      proposals_.push_back(std::move(match));
      return proposals_.size() < most_proposals_;
    });
  }
  // The ids of a proposal's tickets.
  std::vector<std::string> Ids(std::size_t proposal) const {
    std::vector<std::string> ids;
    for (const auto& ticket : proposals_.at(proposal).tickets) ids.push_back(ticket.id);
    return ids;
  }

  gsh::testing::ManualClock clock_;
  CountingRng rng_;
  Totals totals_;
  int match_size_ = 4;
  std::function<matcher::Rules()> rules_;
  std::function<void(const RunReport&)> on_run_;
  std::size_t most_proposals_ = 1000;
  std::vector<openmatch::Match> proposals_;
};

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_LATENCY_MATCH_FUNCTION_FIXTURE_H_
