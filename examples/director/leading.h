// --leader-elect: of several directors one works.
#ifndef GSH_EXAMPLES_DIRECTOR_LEADING_H_
#define GSH_EXAMPLES_DIRECTOR_LEADING_H_

#include <functional>
#include <stop_token>
#include <string>

#include "src/service/program.h"

namespace gsh {

struct LeadingFlags {
  bool elect = false;
  std::string lease;  // "NAMESPACE/NAME"; empty: the pod's namespace and "gsh-director"
};

void AddLeadingFlags(service::Program& program, LeadingFlags& flags);

// Without --leader-elect `work` alone; with it whenever this process leads.
Status RunElected(service::Program& program, const LeadingFlags& flags,
                  const std::function<Status(std::stop_token)>& work);

}  // namespace gsh

#endif  // GSH_EXAMPLES_DIRECTOR_LEADING_H_
