// The shared config files: sections or a mistake with file and line, and of whatever they say a
// source of credentials or a mistake that quotes no value.
#include <map>

#include "gsh/testing/fakes.h"
#include "src/aws/config/ini.h"
#include "src/aws/credentials/plan.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  const std::string_view text = gsh::fuzz::TextOf(data, size);
  const auto sections = gsh::aws::ParseIni(text, "f");
  if (!sections.ok()) {
    Require(sections.status().message().starts_with("f:"), "an error names the file");
    return 0;
  }
  gsh::aws::SharedConfig config;
  std::size_t bytes = 0;
  for (const auto& section : *sections) {
    Require(!section.name.empty(), "a section has a name");
    for (const auto& [key, value] : section.settings) {
      bytes += value.size();
      for (const char c : value) {
        Require(c < 0 || c >= ' ' || c == '\n' || c == '\t', "values have no control characters");
      }
    }
    config.profiles[section.name] = section.settings;
    config.in_config_file[section.name] = section.settings;
  }
  Require(bytes <= 2 * (1u << 20), "[DEFAULT] makes it no larger than that");
  static const gsh::testing::FakeEnv env;
  for (const auto& [name, settings] : config.profiles) {
    const auto plan = gsh::aws::PlanCredentials(config, env, name, true);
    if (plan.ok()) continue;
    const std::string* const secret = settings.Find("aws_secret_access_key");
    // A longer one cannot be in the message by chance.
    const bool telling = secret != nullptr && secret->size() >= 32;
    const bool quoted = telling && text.find(*secret) == text.rfind(*secret) &&
                        plan.status().message().find(*secret) != std::string::npos;
    Require(!quoted, "no secret is quoted");
  }
  return 0;
}
