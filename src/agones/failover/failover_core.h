// What all calls of one FailoverAllocator share.
#ifndef GSH_SRC_AGONES_FAILOVER_FAILOVER_CORE_H_
#define GSH_SRC_AGONES_FAILOVER_FAILOVER_CORE_H_

#include <string>
#include <utility>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/agones/failover_options.h"
#include "src/agones/failover/endpoint_board.h"
#include "src/rpc/common/client_base.h"

namespace gsh::agones {

struct FailoverCore : rpc::ClientBase {
  struct Target {
    std::string name;
    Allocator* allocator;  // may be used while a frame of the registry is open
  };

  FailoverCore(ClientOptions client, FailoverOptions failover_options, std::vector<Target> all)
      : ClientBase(std::move(client), {}),
        failover(failover_options),
        targets(std::move(all)),
        board(targets.size(), failover) {}

  // Tells the board how an attempt ended, and the log and the metrics what that changed.
  void Report(const EndpointBoard::Pick& pick, EndpointBoard::Verdict verdict,
              const Status& status);
  void CountFailover(const EndpointBoard::Pick& from) const;

  const FailoverOptions failover;
  const std::vector<Target> targets;
  EndpointBoard board;
};

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_FAILOVER_FAILOVER_CORE_H_
