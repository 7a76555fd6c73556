// Label and field selectors of lists and watches.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_SELECTOR_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_SELECTOR_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gsh::testing::kubernetes {

class Selector {
 public:
  // Labels: "a=b,c!=d,e,!f,g in (x,y),h notin (z)". Fields: "spec.nodeName=n,metadata.name!=m".
  // Empty for what is neither.
  static std::optional<Selector> Parse(std::string_view labels, std::string_view fields);

  bool Matches(const nlohmann::json& object) const;

 private:
  struct Term {
    enum class Op { kIn, kNotIn, kExists, kAbsent };
    std::vector<std::string> path;
    Op op = Op::kExists;
    std::vector<std::string> values;
  };
  static std::optional<Term> ParseTerm(std::string_view text, bool is_label);
  static bool MatchesTerm(const Term& term, const nlohmann::json& object);

  std::vector<Term> terms_;
};

}  // namespace gsh::testing::kubernetes

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_SELECTOR_H_
