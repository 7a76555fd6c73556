#include "src/testing/sandbox/aws/pages.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "src/testing/sandbox/aws/service_error.h"

namespace gsh::testing::aws {

StatusOr<nlohmann::json> PageOf(const nlohmann::json& items, const nlohmann::json& input,
                                const char* key, std::size_t limit) {
  constexpr std::string_view kPrefix = "sandbox-page-";
  std::size_t begin = 0;
  if (const std::string token = input.value("NextToken", std::string()); !token.empty()) {
    const char* const end = token.data() + token.size();
    const bool ours = token.starts_with(kPrefix);
    const auto [rest, error] =
        std::from_chars(token.data() + (ours ? kPrefix.size() : 0), end, begin);
    if (!ours || error != std::errc() || rest != end || begin > items.size()) {
      return InvalidRequest("Invalid NextToken");
    }
  }
  const auto most = input.value("Limit", static_cast<std::int64_t>(limit));
  const std::size_t end = std::min(items.size(), begin + static_cast<std::size_t>(most));
  nlohmann::json page = {{key, nlohmann::json::array()}};
  for (std::size_t i = begin; i < end; ++i) page[key].push_back(items[i]);
  if (end < items.size()) page["NextToken"] = std::string(kPrefix) + std::to_string(end);
  return page;
}

}  // namespace gsh::testing::aws
