// The commands of gsh-allocator-probe that speak to an allocator.
#ifndef GSH_SRC_PROBE_PROBE_H_
#define GSH_SRC_PROBE_PROBE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::probe {

enum class Output { kText, kJson };

struct ProbeOptions {
  std::vector<std::string> endpoints = {};  // "host:port"; a port is added where there is none
  bool rest = false;                        // in place of gRPC
  ClientOptions client = {};                // without endpoint
  std::string ns = "default";
  std::map<std::string, std::string> labels = {};  // that the game server must have
  Output output = Output::kText;
  std::function<void(const std::string&)> print = {};    // a line of the answer
  std::function<void(const std::string&)> explain = {};  // for people who look closer; may be null
};

// "host" gets the allocator's usual port, 443; an IPv6 address brackets.
std::string WithPort(const std::string& endpoint);

class Probe {
 public:
  // Makes the client; InvalidArgument names what is wrong.
  static StatusOr<std::unique_ptr<Probe>> Make(ProbeOptions options);

  // Takes nothing: asks for a server that nobody has. Any answer of the allocator is OK, for then
  // both sides believe each other.
  Status Tls();
  // Takes a server, of this or (`multicluster`) of the clusters that the policies name. Refusals
  // are printed too, and returned.
  Status Allocate(bool multicluster);

  agones::AllocationRequest Request(bool multicluster) const;
  agones::Allocator& allocator() { return *allocator_; }

 private:
  explicit Probe(ProbeOptions options) : options_(std::move(options)) {}
  Status Refused(const Status& failure) const;
  void Explain(const Status& status) const;

  const ProbeOptions options_;
  std::unique_ptr<agones::Allocator> allocator_;
};

}  // namespace gsh::probe

#endif  // GSH_SRC_PROBE_PROBE_H_
