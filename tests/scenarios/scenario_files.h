// The golden scenarios: JSON with `rules`, `tickets`, perhaps `backfills`, and the `matches` and
// `unmatched` tickets that must come of them.
#ifndef GSH_TESTS_SCENARIOS_SCENARIO_FILES_H_
#define GSH_TESTS_SCENARIOS_SCENARIO_FILES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace gsh::testing {

// All that there are, in the order of their names.
inline std::vector<std::filesystem::path> ScenarioFiles() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(GSH_SOURCE_DIR) + "/tests/scenarios")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

inline nlohmann::json ReadScenario(const std::filesystem::path& file) {
  std::ifstream in(file);
  return nlohmann::json::parse(in);
}

// A test for each file: INSTANTIATE_TEST_SUITE_P(Files, SUITE, ScenarioParams(), ScenarioName).
using ScenarioFileTest = ::testing::TestWithParam<std::filesystem::path>;
inline auto ScenarioParams() { return ::testing::ValuesIn(ScenarioFiles()); }
inline std::string ScenarioName(const ::testing::TestParamInfo<std::filesystem::path>& test) {
  return test.param.stem().string();
}

}  // namespace gsh::testing

#endif  // GSH_TESTS_SCENARIOS_SCENARIO_FILES_H_
