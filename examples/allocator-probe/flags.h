// The command line of gsh-allocator-probe.
#ifndef GSH_EXAMPLES_ALLOCATOR_PROBE_FLAGS_H_
#define GSH_EXAMPLES_ALLOCATOR_PROBE_FLAGS_H_

#include <map>
#include <string>
#include <vector>

#include "gsh/kubernetes/objects.h"
#include "gsh/status.h"
#include "src/probe/probe.h"
#include "src/service/program.h"

namespace gsh::allocator_probe {

struct Flags {
  std::vector<std::string> endpoints;
  service::Program::TlsFlags tls{"./agones-tls", "", false};
  std::string ns = "default";
  std::string region;
  std::vector<std::string> labels;
  bool rest = false;
  bool verbose = false;
  std::string output = "text";
  int timeout = 30;
  // load
  int count = 100;
  double rate = 0;
  int in_flight = 16;
  bool keep = false;
  bool multicluster = false;
  // policy, trust
  kubernetes::AllocationPolicy policy{.server_ns = "default"};
  bool dry_run = false;
  // address
  std::string service = "agones-allocator";
  std::string service_ns = "agones-system";
  // gameservers
  std::string kubeconfig;
  std::vector<std::string> contexts;
  std::string state;
  bool watch = false;
  bool delete_all = false;

  probe::Output Form() const {
    return output == "json" ? probe::Output::kJson : probe::Output::kText;
  }
};

void AddFlags(service::Program& program, Flags& flags);

// --region and --label; InvalidArgument if one is not key=value.
StatusOr<std::map<std::string, std::string>> LabelsOf(const Flags& flags);

}  // namespace gsh::allocator_probe

#endif  // GSH_EXAMPLES_ALLOCATOR_PROBE_FLAGS_H_
