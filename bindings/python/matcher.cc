#include "bindings/python/matcher.h"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/python/lifetime.h"
#include "bindings/python/status.h"
#include "gsh/matcher/bands.h"
#include "gsh/matcher/matcher.h"
#include "gsh/matcher/rules_json.h"

namespace gsh::python {
namespace {

namespace py = pybind11;
using matcher::Rules;

template <typename T>
using Array = py::array_t<T, py::array::c_style>;
using RuleFields = std::tuple<std::vector<std::string>, std::vector<float>, int, bool>;

Rules ToRules(RuleFields fields) {
  auto& [regions, bounds, match_size, try_next_best_region] = fields;
  return {.regions = std::move(regions),
          .band_bounds_ms = std::move(bounds),
          .match_size = match_size,
          .try_next_best_region = try_next_best_region};
}

RuleFields ToFields(const Rules& rules) {
  return {rules.regions, rules.band_bounds_ms, rules.match_size, rules.try_next_best_region};
}

// An array over the vector's own memory.
template <typename Element, typename T>
Array<Element> Adopt(std::vector<T> values) {
  static_assert(sizeof(Element) == sizeof(T));
  auto owned = std::make_unique<std::vector<T>>(std::move(values));
  const auto size = static_cast<py::ssize_t>(owned->size());
  const auto* data = reinterpret_cast<const Element*>(owned->data());
  const py::capsule owner(owned.get(),
                          [](void* vector) { delete static_cast<std::vector<T>*>(vector); });
  owned.release();
  return Array<Element>(size, data, owner);
}

py::tuple MatchTickets(const Array<float>& latency_ms,
                       const std::optional<Array<std::uint64_t>>& key, RuleFields fields) {
  const Rules rules = ToRules(std::move(fields));
  matcher::Tickets tickets{
      .count = static_cast<std::size_t>(latency_ms.shape(0)),
      .latency_ms = {latency_ms.data(), static_cast<std::size_t>(latency_ms.size())}};
  if (key) tickets.key = {key->data(), static_cast<std::size_t>(key->size())};
  auto match = [&] {
    const Unlocked unlocked;
    return matcher::MatchTickets(tickets, rules);
  };
  matcher::Result result = ValueOrThrow(match());
  return py::make_tuple(Adopt<matcher::Match>(std::move(result.matches)),
                        Adopt<std::uint32_t>(std::move(result.members)),
                        Adopt<std::uint8_t>(std::move(result.reasons)));
}

py::tuple ParseBands(std::string_view text) {
  const matcher::Bands bands = ValueOrThrow(matcher::ParseBands(text));
  py::list rows;
  for (const matcher::Band& band : bands.bands) {
    rows.append(py::make_tuple(band.min_ms, band.max_ms, band.typed_min, band.typed_max));
  }
  return py::make_tuple(rows, bands.warnings);
}

}  // namespace

void BindMatcher(py::module_& module) {
  using matcher::Match;
  PYBIND11_NUMPY_DTYPE(Match, region, band, first_member, size, mean_latency_ms, spread_ms, score);
  module.def("match_tickets", &MatchTickets, py::arg("latency_ms").noconvert(),
             py::arg("key").noconvert(), py::arg("rules"));
  module.def("check_rules", [](RuleFields fields) {
    ThrowIfError(matcher::CheckRules(ToRules(std::move(fields))));
  });
  module.def("rules_from_json", [](std::string_view json, RuleFields defaults) {
    const Rules rules = ValueOrThrow(matcher::RulesFromJson(json, ToRules(std::move(defaults))));
    RuleFields fields = ToFields(rules);
    // Rather than matching by fewer rules than were written.
    if (ToRules(fields) != rules) {
      ThrowIfError(InvalidArgumentError(
          "$: only version, regions, bands, match_size and try_next_best_region are known in "
          "Python"));
    }
    return fields;
  });
  module.def("rules_to_json",
             [](RuleFields fields) { return matcher::RulesToJson(ToRules(std::move(fields))); });
  module.def("unmatched_name", [](std::uint8_t reason) {
    return matcher::UnmatchedName(static_cast<matcher::Unmatched>(reason));
  });
  module.def("parse_bands", &ParseBands);
}

}  // namespace gsh::python
