// Which allocator a program asks, by its flags.
#ifndef GSH_SRC_ALLOCATOR_FLAGS_ALLOCATOR_FLAGS_H_
#define GSH_SRC_ALLOCATOR_FLAGS_ALLOCATOR_FLAGS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/status.h"
#include "src/service/program.h"

namespace gsh::allocator_flags {

struct AllocatorFlags {
  std::string via = "allocator";
  std::string addresses = "agones-allocator.agones-system.svc.cluster.local";
  int port = 443;
  bool separate_clusters = false;
  std::string cert = "client.crt";
  std::string key = "client.key";
  std::string ca = "ca.crt";
  service::Program::TlsFlags tls{"./agones-tls", "", false};
};

// `flags` must outlive the program.
void AddAllocatorFlags(service::Program& program, AllocatorFlags& flags);

// "host[:port],host[:port]..." to "host:port" each. InvalidArgument for an empty one; what is no
// host or port is told by the allocator that is made of it.
StatusOr<std::vector<std::string>> ParseEndpoints(std::string_view addresses, int default_port);

// Agones' allocator over mutual TLS, of several endpoints with failover among them
// (gsh/agones/failover_allocator.h); or GameServerAllocations at the API server (inside a cluster
// with its own account, else by kubeconfig).
StatusOr<std::unique_ptr<agones::Allocator>> ConnectAllocator(service::Program& program,
                                                              const AllocatorFlags& flags);

}  // namespace gsh::allocator_flags

#endif  // GSH_SRC_ALLOCATOR_FLAGS_ALLOCATOR_FLAGS_H_
