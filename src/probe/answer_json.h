// How gsh-allocator-probe prints the allocator's answers: one line, as the allocator itself words
// them over REST.
#ifndef GSH_SRC_PROBE_ANSWER_JSON_H_
#define GSH_SRC_PROBE_ANSWER_JSON_H_

#include <string>

#include "gsh/agones/allocator.h"
#include "gsh/status.h"

namespace gsh::probe {

enum class Detail {
  kBrief,  // name, ports, address and node
  kAll,    // also addresses, source, metadata, counters, lists
};

// {"gameServerName":"gs","ports":[{"name":"default","port":7256}],"address":"h","nodeName":"n"}
std::string ToJson(const agones::Allocation& allocation, Detail detail);
// {"code":8,"message":"there is no available GameServer to allocate","details":[]}; the code is the
// service's own (422), also where gRPC has none.
std::string ToJson(const Status& failure);

}  // namespace gsh::probe

#endif  // GSH_SRC_PROBE_ANSWER_JSON_H_
