// What a failed AssignTickets says of its tickets.
#ifndef GSH_SRC_DIRECTOR_REFUSAL_H_
#define GSH_SRC_DIRECTOR_REFUSAL_H_

#include "gsh/status.h"

namespace gsh::director {

// False if tickets may have been assigned although the call failed. The reason for giving up says
// nothing here: AssignTickets is repeated whatever happened.
bool SurelyNothingAssigned(const Status& failure);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_REFUSAL_H_
