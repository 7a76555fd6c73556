#include "src/director/assignment_of.h"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "gsh/any.h"
#include "gsh/director/director.h"
#include "src/core/json_text.h"

namespace gsh::director {
namespace {

using internal::JsonText;
using Json = nlohmann::json;

constexpr char kEvaluationExtension[] = "evaluation_input";
constexpr std::size_t kMaxTeamsBytes = std::size_t{1} << 20;

Json TeamsJson(const openmatch::Match& match) {
  const auto found = match.extensions.find(kTeamsExtension);
  if (found == match.extensions.end()) return {};
  const std::optional<std::string> text = StringOf(found->second);
  if (!text || text->size() > kMaxTeamsBytes) return {};
  Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json();
}

std::string MatchJson(const openmatch::Match& match, const std::string& region,
                      const std::string& team) {
  std::string json = "{\"id\":" + JsonText(match.id) + ",\"region\":" + JsonText(region);
  if (!team.empty()) json += ",\"team\":" + JsonText(team);
  return json + "}";
}

}  // namespace

std::map<std::string, std::vector<std::string>> TeamsOf(const openmatch::Match& match,
                                                        const std::vector<std::string>& tickets) {
  if (tickets.empty()) return {};
  if (!match.extensions.contains(kTeamsExtension)) return {{"", tickets}};
  std::map<std::string, std::string> team_of;
  const Json json = TeamsJson(match);
  for (const auto& [team, members] : json.items()) {
    if (!members.is_array()) continue;
    for (const Json& member : members) {
      if (member.is_string()) team_of.emplace(member.get<std::string>(), team);
    }
  }
  std::map<std::string, std::vector<std::string>> teams;
  for (const std::string& ticket : tickets) {
    const auto found = team_of.find(ticket);
    teams[found == team_of.end() ? std::string() : found->second].push_back(ticket);
  }
  return teams;
}

openmatch::Assignment AssignmentOf(const openmatch::Match& match, const std::string& connection,
                                   const std::string& region, const std::string& team) {
  openmatch::Assignment assignment{.connection = connection, .extensions = match.extensions};
  assignment.extensions.erase(kEvaluationExtension);
  assignment.extensions[kMatchExtension] = AnyString(MatchJson(match, region, team));
  return assignment;
}

}  // namespace gsh::director
