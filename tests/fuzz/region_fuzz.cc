// A match from somebody else's match function: where to allocate, and who is in which team.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "gsh/director/director.h"
#include "src/director/assignment_of.h"
#include "src/director/check_options.h"
#include "src/director/profiles.h"
#include "src/director/region_of.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

const std::vector<std::string> kRegions = {"us-east-1", "us-east-10", "eu"};
const std::vector<std::string> kTickets = {"t1", "t2", "t3"};

bool IsKnown(const std::string& region) {
  return std::find(kRegions.begin(), kRegions.end(), region) != kRegions.end();
}

void CheckRegions(const openmatch::Match& match, const matcher::Bands& bands) {
  const auto own = director::ExplicitRegion(match);
  Require(!own || director::IsLabelValue(*own), "a region is fit for a label");
  const auto named = director::RegionIn(match.id, kRegions);
  Require(!named || (IsKnown(*named) && match.id.find(*named) != std::string::npos),
          "an id names a known region");
  const auto tries = director::RegionsToTry(match, kRegions, bands);
  const std::set<std::string> once(tries.begin(), tries.end());
  Require(once.size() == tries.size(), "a region is tried once");
  for (const std::string& region : tries) {
    Require(IsKnown(region) || region == own, "only known or explicit regions are tried");
  }
  Require(!own || tries.front() == *own, "the explicit region goes first");
}

void CheckTeams(const openmatch::Match& match) {
  std::vector<std::string> tickets;
  for (const auto& [team, members] : director::TeamsOf(match, kTickets)) {
    Require(!members.empty(), "no team is empty");
    tickets.insert(tickets.end(), members.begin(), members.end());
    const auto assignment = director::AssignmentOf(match, "h:1", "eu", team);
    const auto text = StringOf(assignment.extensions.at(director::kMatchExtension));
    Require(text && text->find("\"region\":\"eu\"") != std::string::npos, "players learn of it");
  }
  std::sort(tickets.begin(), tickets.end());
  Require(tickets == kTickets, "every ticket is in one team");
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kBands = gsh::matcher::ParseBands(gsh::director::kDefaultRanges);
  gsh::fuzz::Input input(data, size);
  gsh::openmatch::Match match;
  for (const std::string& id : gsh::kTickets) {
    gsh::openmatch::Ticket ticket{.id = id};
    for (const std::string& region : gsh::kRegions) {
      ticket.search_fields.double_args["latency-" + region] = input.Take<double>();
    }
    match.tickets.push_back(std::move(ticket));
  }
  match.id = input.TakeWord();
  match.profile = input.TakeWord();
  if (const std::string region = input.TakeWord(); !region.empty()) {
    match.extensions[gsh::director::kRegionExtension] = gsh::AnyString(region);
  }
  match.extensions[gsh::director::kTeamsExtension] = gsh::AnyString(input.Rest());
  gsh::CheckRegions(match, *kBands);
  gsh::CheckTeams(match);
  return 0;
}
