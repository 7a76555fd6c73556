// Lists in pages.
#ifndef GSH_SRC_TESTING_SANDBOX_AWS_PAGES_H_
#define GSH_SRC_TESTING_SANDBOX_AWS_PAGES_H_

#include <nlohmann/json.hpp>
#include <string>

#include "gsh/status.h"

namespace gsh::testing::aws {

// {`key`: the items after NextToken, at most Limit (or `limit`), "NextToken": if there are more}.
StatusOr<nlohmann::json> PageOf(const nlohmann::json& items, const nlohmann::json& input,
                                const char* key, std::size_t limit = 100);

}  // namespace gsh::testing::aws

#endif  // GSH_SRC_TESTING_SANDBOX_AWS_PAGES_H_
