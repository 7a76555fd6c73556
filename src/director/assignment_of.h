// What the players of a match get to know about their server.
#ifndef GSH_SRC_DIRECTOR_ASSIGNMENT_OF_H_
#define GSH_SRC_DIRECTOR_ASSIGNMENT_OF_H_

#include <map>
#include <string>
#include <vector>

#include "gsh/openmatch/backend.h"
#include "gsh/openmatch/types.h"

namespace gsh::director {

// Ticket ids by team, from the match's extension gsh.teams; "" for those in none. Empty teams are
// left out, unknown tickets ignored; a ticket that is in two teams is in the first by name.
std::map<std::string, std::vector<std::string>> TeamsOf(const openmatch::Match& match,
                                                        const std::vector<std::string>& tickets);

// The connection, the match's extensions but the evaluator's input, and gsh.match.
openmatch::Assignment AssignmentOf(const openmatch::Match& match, const std::string& connection,
                                   const std::string& region, const std::string& team);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_ASSIGNMENT_OF_H_
