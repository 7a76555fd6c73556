#include "src/matchsim/rules_matcher.h"

#include <utility>

#include "gsh/matcher/matcher.h"

namespace gsh::matchsim {
namespace {

class RulesMatcher final : public RoundMatcher {
 public:
  explicit RulesMatcher(matcher::Rules rules) : rules_(std::move(rules)) {}

  const std::vector<std::string>& regions() const override { return rules_.regions; }
  const std::vector<std::string>& attributes() const override { return rules_.equal_attributes; }

  StatusOr<RoundResult> Match(const matcher::Tickets& tickets, std::size_t) override {
    StatusOr<matcher::Result> matched = matcher::MatchTickets(tickets, rules_);
    if (!matched.ok()) return matched.status();
    RoundResult result{.members = std::move(matched->members), .teams = std::move(matched->teams)};
    result.matches.reserve(matched->matches.size());
    for (const matcher::Match& match : matched->matches) {
      result.matches.push_back(
          {.region = match.region, .first_member = match.first_member, .size = match.size});
    }
    result.reasons.reserve(tickets.count);
    for (const matcher::Unmatched reason : matched->reasons) {
      result.reasons.push_back(reason == matcher::Unmatched::kMatched
                                   ? std::string_view()
                                   : matcher::UnmatchedName(reason));
    }
    return result;
  }

 private:
  const matcher::Rules rules_;
};

}  // namespace

StatusOr<std::unique_ptr<RoundMatcher>> MakeRulesMatcher(matcher::Rules rules) {
  if (const Status status = matcher::CheckRules(rules); !status.ok()) return status;
  return std::unique_ptr<RoundMatcher>(std::make_unique<RulesMatcher>(std::move(rules)));
}

}  // namespace gsh::matchsim
