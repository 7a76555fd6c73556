#include "tools/matchsim/flags.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <utility>

#include "gsh/matcher/rules_json.h"
#include "tools/matchsim/files.h"

namespace gsh::matchsim {
namespace {

using service::Program;

void AddTrafficFlags(Program& program, Flags& flags) {
  program.Flag("scenario", flags.scenario,
               "JSON file: traffic, regions, times; flags go before it");
  program.Flag("tickets", flags.tickets, "CSV file of tickets, instead of generated ones");
  program.Flag("seed", flags.seed, "of all chance")->check(service::WholeNumberFrom(0));
  program.Flag("count", flags.count, "tickets to generate")
      ->check(CLI::Range(0, static_cast<int>(kMaxTickets)));
  program.Flag("rate", flags.rate, "tickets a second; 0: all at once");
  program.Flag("areas", flags.areas, "where players live; none: everywhere")->delimiter(',');
  program.Flag("regions", flags.regions, "where game servers are")->delimiter(',');
}

void AddSimulationFlags(Program& program, Flags& flags) {
  program.Flag("rules", flags.rules, "JSON file with the matcher's rules");
  program.Flag("matcher", flags.matcher, "gsh, sample or sample-corrected")
      ->check(CLI::IsMember({"gsh", "sample", "sample-corrected"}));
  program.Flag("servers", flags.servers, "region=N, repeatable: game servers; without: no limit");
  program.Flag("match-length", flags.match_length, "seconds that a match keeps its server");
  program.Flag("round", flags.round, "seconds from one round of matching to the next");
  program.Flag("patience", flags.patience, "seconds after which a ticket leaves; 0: never");
  program.Flag("drain", flags.drain, "seconds to go on after the last ticket came");
  program.Flag("json", flags.json, "write the results there; -: stdout, instead of the table");
  program.Flag("html", flags.html,
               "write a report with plots there; -: stdout, instead of the table");
  program.Flag("output", flags.output, "of generate: the CSV file; -: stdout");
}

CLI::App* AddCommand(Program& program, const std::string& name, const std::string& help) {
  CLI::App* command = program.cli().add_subcommand(name, help);
  command->set_help_flag();  // the program's own help has all flags
  return command;
}

StatusOr<std::pair<std::string, std::size_t>> ParseServers(const std::string& text) {
  const std::size_t equals = text.find('=');
  std::size_t count = 0;
  if (equals != std::string::npos && equals > 0) {
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data() + equals + 1, end, count);
    if (result.ec == std::errc() && result.ptr == end) {
      return std::pair(text.substr(0, equals), count);
    }
  }
  return InvalidArgumentError("--servers: '" + text + "' is not region=N");
}

// These regions alone, with the places and game servers that the scenario has for them.
void TakeRegions(const std::vector<std::string>& names, Scenario& scenario) {
  std::vector<RegionSite> sites;
  for (const std::string& name : names) {
    const auto known = std::ranges::find(scenario.regions, name, &RegionSite::name);
    sites.push_back(known == scenario.regions.end() ? RegionSite{.name = name} : *known);
  }
  scenario.regions = std::move(sites);
  std::erase_if(scenario.simulation.servers, [&](const auto& servers) {
    return std::ranges::find(names, servers.first) == names.end();
  });
}

Status ApplyFlags(const Program& program, const Flags& flags, Scenario& scenario) {
  const auto given = [&](const char* name) { return program.Given(name); };
  if (given("seed")) scenario.seed = flags.seed;
  if (given("count")) scenario.traffic.tickets = static_cast<std::size_t>(flags.count);
  if (given("rate")) scenario.traffic.rate = flags.rate;
  if (given("round")) scenario.simulation.round_s = flags.round;
  if (given("patience")) scenario.simulation.patience_s = flags.patience;
  if (given("drain")) scenario.simulation.drain_s = flags.drain;
  if (given("match-length")) scenario.simulation.match_s = flags.match_length;
  if (given("areas")) {
    scenario.traffic.areas.clear();
    for (const std::string& area : flags.areas) scenario.traffic.areas[area] = 1;
  }
  if (given("regions")) TakeRegions(flags.regions, scenario);
  for (const std::string& text : flags.servers) {
    const auto servers = ParseServers(text);
    if (!servers.ok()) return servers.status();
    scenario.simulation.servers[servers->first] = servers->second;
  }
  return OkStatus();
}

std::vector<std::string> RegionNames(const Scenario& scenario) {
  std::vector<std::string> names;
  names.reserve(scenario.regions.size());
  for (const RegionSite& site : scenario.regions) names.push_back(site.name);
  return names;
}

}  // namespace

Commands AddFlags(Program& program, Flags& flags) {
  AddTrafficFlags(program, flags);
  AddSimulationFlags(program, flags);
  Commands commands{
      .run = AddCommand(program, "run", "simulates with the rules of --rules"),
      .compare = AddCommand(program, "compare", "simulates the same tickets with several rules"),
      .generate = AddCommand(program, "generate", "writes tickets as CSV")};
  commands.compare
      ->add_option("rules", flags.sides,
                   "rules files, with MATCHER: before it for another matcher than gsh")
      ->required()
      ->expected(2, 4);
  program.cli().require_subcommand(1);
  return commands;
}

Status CheckFlags(const Program& program, const Flags& flags, const Commands& commands) {
  const auto refuse = [&](const std::string& command,
                          const std::vector<std::string>& names) -> Status {
    for (const std::string& name : names) {
      if (program.Given(name)) {
        return InvalidArgumentError("--" + name + " has no meaning for " + command);
      }
    }
    return OkStatus();
  };
  if (program.Given("tickets")) {
    if (Status status = refuse("tickets from a file", {"count", "rate", "areas", "regions"});
        !status.ok()) {
      return status;
    }
  }
  if (!flags.json.empty() && flags.json == flags.html) {
    return InvalidArgumentError("--json and --html are both '" + flags.json + "'");
  }
  if (*commands.run) return refuse("run", {"output"});
  if (*commands.compare) return refuse("compare", {"output", "rules", "matcher"});
  return refuse("generate", {"tickets", "matcher", "servers", "match-length", "round", "patience",
                             "drain", "json", "html"});
}

StatusOr<Scenario> ReadScenario(const Program& program, const Flags& flags) {
  Scenario scenario;
  if (!flags.scenario.empty()) {
    const StatusOr<std::string> text = ReadInput(flags.scenario, kMaxConfigBytes);
    if (!text.ok()) return text.status().WithContext("--scenario");
    StatusOr<Scenario> read = ScenarioFromJson(*text);
    if (!read.ok()) return read.status().WithContext("--scenario " + flags.scenario);
    scenario = *std::move(read);
  }
  if (Status status = ApplyFlags(program, flags, scenario); !status.ok()) return status;
  return scenario;
}

StatusOr<Contender> ReadContender(const std::string& side, const Scenario& scenario) {
  Contender contender;
  std::string path = side;
  if (const std::size_t colon = side.find(':'); colon != std::string::npos) {
    if (const auto kind = ParseMatcher(side.substr(0, colon))) {
      contender.kind = *kind;
      path = side.substr(colon + 1);
    }
  }
  matcher::Rules defaults{.regions = RegionNames(scenario)};
  if (defaults.regions.empty()) defaults.regions = {"us-east-1", "us-east-2"};  // the sample's
  defaults.band_bounds_ms = {0, std::numeric_limits<float>::infinity()};
  contender.rules = defaults;
  contender.name = MatcherName(contender.kind);
  if (path.empty()) return contender;
  const StatusOr<std::string> text = ReadInput(path, kMaxConfigBytes);
  if (!text.ok()) return text.status().WithContext("rules");
  const StatusOr<matcher::Rules> rules = matcher::RulesFromJson(*text, defaults);
  if (!rules.ok()) return rules.status().WithContext("rules " + path);
  if (const Status status = matcher::CheckRules(*rules); !status.ok()) {
    return status.WithContext("rules " + path);
  }
  contender.rules = *rules;
  contender.name = std::filesystem::path(path).stem().string();
  if (contender.kind != MatcherKind::kGsh) {
    contender.name += " (" + std::string(MatcherName(contender.kind)) + ")";
  }
  return contender;
}

}  // namespace gsh::matchsim
