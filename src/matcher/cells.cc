#include "src/matcher/cells.h"

namespace gsh::matcher {
namespace {

std::string_view BytesOf(const std::uint32_t* row, std::size_t width) {
  return {reinterpret_cast<const char*>(row), width * sizeof(*row)};
}

}  // namespace

AttributeGroups::AttributeGroups(const Tickets& tickets, const Rules& rules) {
  const std::size_t width = rules.equal_attributes.size();
  if (width == 0) return;
  groups_.reserve(tickets.count);
  for (std::size_t ticket = 0; ticket < tickets.count; ++ticket) {
    const std::string_view bytes = BytesOf(tickets.attributes.data() + ticket * width, width);
    const auto next = static_cast<std::uint32_t>(by_bytes_.size());
    groups_.push_back(by_bytes_.try_emplace(bytes, next).first->second);
  }
  count_ = static_cast<std::uint32_t>(by_bytes_.size());
}

std::uint32_t AttributeGroups::Find(const std::vector<std::uint32_t>& attributes) const {
  if (attributes.empty()) return 0;
  const auto found = by_bytes_.find(BytesOf(attributes.data(), attributes.size()));
  return found == by_bytes_.end() ? count_ : found->second;
}

}  // namespace gsh::matcher
