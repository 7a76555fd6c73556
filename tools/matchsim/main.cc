// gsh-matchsim: tries the matcher's rules on simulated players, before real ones meet them.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "gsh/clock.h"
#include "src/matchsim/experiment.h"
#include "src/matchsim/figures.h"
#include "src/matchsim/generator.h"
#include "src/matchsim/report_html.h"
#include "src/matchsim/report_json.h"
#include "src/matchsim/ticket_csv.h"
#include "src/service/program.h"
#include "tools/matchsim/files.h"
#include "tools/matchsim/flags.h"

namespace gsh::matchsim {
namespace {

using service::Program;

constexpr char kExamples[] =
    "  gsh-matchsim run --rules rules.json --count 20000 --rate 50 --html report.html\n"
    "  gsh-matchsim run --rules rules.json --servers us-east-1=200 --match-length 900\n"
    "  gsh-matchsim generate --count 1000 --areas europe --regions eu-west-1 --output day.csv\n"
    "  gsh-matchsim run --rules rules.json --tickets day.csv --json -\n"
    "  gsh-matchsim compare before.json after.json --tickets day.csv --html change.html\n"
    "  gsh-matchsim compare rules.json sample:rules.json    (the sample's match function)\n";

// Where servers are, as far as the scenario does not say: wherever the rules want them.
void CompleteRegions(const std::vector<Contender>& contenders, Scenario& scenario) {
  if (!scenario.regions.empty()) return;
  for (const Contender& contender : contenders) {
    for (const std::string& region : contender.rules.regions) {
      if (std::ranges::find(scenario.regions, region, &RegionSite::name) ==
          scenario.regions.end()) {
        scenario.regions.push_back({.name = region});
      }
    }
  }
}

StatusOr<Arrivals> ReadTickets(const std::string& path) {
  const StatusOr<std::string> text = ReadInput(path, kMaxTicketBytes);
  if (!text.ok()) return text.status().WithContext("--tickets");
  StatusOr<Arrivals> arrivals = ParseTicketCsv(*text);
  if (!arrivals.ok()) return arrivals.status().WithContext("--tickets " + path);
  return arrivals;
}

// Says how far it is, so that a long simulation does not look like a dead one.
class ProgressLog {
 public:
  explicit ProgressLog(Program& program)
      : program_(program), next_(SystemClock().SteadyNow() + kPause) {}

  bool operator()(double over) {
    if (const SteadyTime now = SystemClock().SteadyNow(); now >= next_) {
      next_ = now + kPause;
      Log(&program_.log(), LogLevel::kInfo, "Simulating",
          {{"percent", std::to_string(static_cast<int>(over * 100))}});
    }
    return !program_.stop().stop_requested();
  }

 private:
  static constexpr std::chrono::seconds kPause{2};

  Program& program_;
  SteadyTime next_;
};

Status Report(const Flags& flags, const Experiment& experiment) {
  if (!flags.html.empty()) {
    const Status status = WriteOutput(flags.html, ReportHtml(experiment));
    if (!status.ok()) return status;
  }
  if (!flags.json.empty()) {
    const Status status = WriteOutput(flags.json, ReportJson(experiment));
    if (!status.ok()) return status;
  }
  if (flags.json == "-" || flags.html == "-") return OkStatus();
  return WriteOutput("-", FiguresTable(experiment));
}

void MakeNamesDistinct(std::vector<Contender>& contenders) {
  for (std::size_t i = 1; i < contenders.size(); ++i) {
    const std::string name = contenders[i].name;
    const auto taken = [&] {
      return std::any_of(contenders.begin(), contenders.begin() + static_cast<std::ptrdiff_t>(i),
                         [&](const Contender& other) { return other.name == contenders[i].name; });
    };
    for (int number = 2; taken(); ++number) {
      contenders[i].name = name + " #" + std::to_string(number);
    }
  }
}

Status Simulate(Program& program, const Flags& flags, const std::vector<std::string>& sides) {
  StatusOr<Scenario> scenario = ReadScenario(program, flags);
  if (!scenario.ok()) return scenario.status();
  StatusOr<Arrivals> arrivals = Arrivals{};
  if (!flags.tickets.empty()) {
    arrivals = ReadTickets(flags.tickets);
    if (!arrivals.ok()) return arrivals.status();
    scenario->regions.clear();  // the file's columns say what there is
    for (const std::string& region : arrivals->regions) {
      scenario->regions.push_back({.name = region});
    }
  }
  std::vector<Contender> contenders;
  for (const std::string& side : sides) {
    StatusOr<Contender> contender = ReadContender(side, *scenario);
    if (!contender.ok()) return contender.status();
    contenders.push_back(*std::move(contender));
  }
  MakeNamesDistinct(contenders);
  CompleteRegions(contenders, *scenario);
  if (flags.tickets.empty()) {
    arrivals = GenerateArrivals(scenario->traffic, scenario->regions, scenario->seed);
    if (!arrivals.ok()) return arrivals.status();
  }
  StatusOr<Experiment> experiment =
      RunExperiment(*scenario, *arrivals, contenders, ProgressLog(program));
  if (!experiment.ok()) return experiment.status();
  experiment->source = std::filesystem::path(flags.tickets).filename().string();
  return Report(flags, *experiment);
}

Status Generate(Program& program, const Flags& flags) {
  StatusOr<Scenario> scenario = ReadScenario(program, flags);
  if (!scenario.ok()) return scenario.status();
  const StatusOr<Contender> contender = ReadContender(flags.rules, *scenario);
  if (!contender.ok()) return contender.status();
  CompleteRegions({*contender}, *scenario);
  const StatusOr<Arrivals> arrivals =
      GenerateArrivals(scenario->traffic, scenario->regions, scenario->seed);
  if (!arrivals.ok()) return arrivals.status();
  return WriteOutput(flags.output, WriteTicketCsv(*arrivals));
}

Status Main(Program& program, const Flags& flags, const Commands& commands) {
  if (const Status status = CheckFlags(program, flags, commands); !status.ok()) return status;
  if (*commands.generate) return Generate(program, flags);
  if (*commands.compare) return Simulate(program, flags, flags.sides);
  return Simulate(program, flags, {flags.matcher + ":" + flags.rules});
}

}  // namespace
}  // namespace gsh::matchsim

int main(int argc, char** argv) {
  gsh::service::Program program(
      "gsh-matchsim",
      "Simulates matchmaking: waiting time, latency and spread of players "
      "under the matcher's rules.",
      gsh::matchsim::kExamples);
  gsh::matchsim::Flags flags;
  const gsh::matchsim::Commands commands = gsh::matchsim::AddFlags(program, flags);
  return program.Main(argc, argv, [&](gsh::service::Program& running) {
    return gsh::matchsim::Main(running, flags, commands);
  });
}
