// Command lines: the words of the input, separated by zero bytes, through every rewriting step.
#include <cmath>
#include <string>
#include <vector>

#include "gsh/env.h"
#include "src/service/flag_sources.h"
#include "src/service/flags.h"
#include "src/service/spellings.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

const std::vector<std::string> kNames = {"backend-addr", "p", "latencyRegion1", "label", "config"};

class NoEnv final : public Env {
 public:
  std::optional<std::string> Get(const std::string&) const override { return std::nullopt; }
};

void CheckArgs(const std::vector<std::string>& args) {
  service::FlagNames names;
  for (const std::string& name : kNames) names.Add(name);
  const auto canonical = service::CanonicalArgs(args, names);
  Require(service::CanonicalArgs(canonical, names) == canonical, "canonical stays canonical");
  std::vector<service::FlagSource> flags;
  for (const std::string& name : kNames) flags.push_back({name, {"GSH_X"}, name == "label"});
  const auto merged = service::MergeSources(canonical, flags, NoEnv(), {{"p", "1", 3}}, "a.ini");
  Require(merged.ok(), "a known key is taken");
  const bool own = service::HasFlag(canonical, "p");
  Require(merged->args.size() == canonical.size() + (own ? 0 : 1), "the command line goes first");
  Require(own || merged->origins.at("p") == "a.ini:3", "a value's origin is known");
}

void CheckLatencies(const std::vector<std::string>& args) {
  const auto rewritten = service::RewriteLatencyFlags(args, {"latencyRegion1"});
  Require(rewritten.size() >= args.size(), "no word is lost");
  for (const std::string& word : args) {
    const auto flag = service::LatencyFlag::Parse(word);
    if (!flag.ok()) continue;
    Require(!flag->region.empty(), "a latency has a region");
    Require(std::isfinite(flag->milliseconds) && flag->milliseconds >= 0, "a latency is a time");
  }
}

void CheckNames(const std::string& word) {
  const std::string kebab = service::ToKebab(word);
  Require(service::ToKebab(kebab) == kebab, "kebab case stays kebab case");
  service::FlagNames names;
  names.Add(word);
  Require(names.Find(word) == word, "a name finds itself");
  Require(!names.Suggest(word) || names.Suggest(word) == word, "nothing else is suggested");
  const std::string region = service::RegionFromCamel(word);
  Require(region.size() >= word.size(), "a region keeps its letters");
  const auto address = service::ParseHostPort("flag", word);
  if (!address.ok()) {
    Require(address.status().message().starts_with("--flag: "), "an error names the flag");
  }
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  std::vector<std::string> args;
  while (!input.empty() && args.size() < 64) args.push_back(input.TakeWord());
  gsh::CheckArgs(args);
  gsh::CheckLatencies(args);
  for (const std::string& word : args) gsh::CheckNames(word);
  return 0;
}
