// Health pings over one client stream.
#ifndef GSH_SRC_AGONES_GRPC_HEALTH_LINE_H_
#define GSH_SRC_AGONES_GRPC_HEALTH_LINE_H_

#include <grpcpp/grpcpp.h>

#include <memory>

#include "src/agones/health_pinger.h"

namespace gsh::agones {

std::shared_ptr<HealthLine> OpenHealthStream(const std::shared_ptr<grpc::Channel>& channel,
                                             HealthEvents events);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_GRPC_HEALTH_LINE_H_
