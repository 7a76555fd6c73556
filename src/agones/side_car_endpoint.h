// Where the side-car of this game server listens.
#ifndef GSH_SRC_AGONES_SIDE_CAR_ENDPOINT_H_
#define GSH_SRC_AGONES_SIDE_CAR_ENDPOINT_H_

#include <string>

#include "gsh/env.h"
#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::agones {

// "localhost:PORT" with the port that Agones puts into the environment as `variable`, or with
// `otherwise` if there is none. InvalidArgument for what is no port.
GSH_EXPORT StatusOr<std::string> SideCarEndpoint(const Env& env, const std::string& variable,
                                                 int otherwise);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_SIDE_CAR_ENDPOINT_H_
