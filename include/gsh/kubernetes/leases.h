// kubernetes::Leases: coordination.k8s.io/v1 Lease objects.
#ifndef GSH_KUBERNETES_LEASES_H_
#define GSH_KUBERNETES_LEASES_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/kubernetes/client.h"

namespace gsh::kubernetes {

// Fields that the object lacks are empty or 0.
struct Lease {
  std::string ns = {};
  std::string name = {};
  std::string resource_version = {};  // of what was read; an update needs it
  std::string holder = {};
  std::chrono::seconds duration{0};
  std::optional<WallTime> acquire_time = {};
  std::optional<WallTime> renew_time = {};
  int transitions = 0;
  std::string object = {};  // as read, JSON: an update keeps what else is in it

  friend bool operator==(const Lease&, const Lease&) = default;
};

// A port; MakeLeases gives the real one. Each call answers with the lease as it then is.
class GSH_EXPORT Leases {
 public:
  using Callback = std::function<void(StatusOr<Lease>)>;

  virtual ~Leases() = default;
  virtual void GetAsync(std::string ns, std::string name, CallOptions options, Callback done) = 0;
  // AlreadyExists if somebody was faster.
  virtual void CreateAsync(Lease lease, CallOptions options, Callback done) = 0;
  // Aborted if it has another resource_version by now.
  virtual void UpdateAsync(Lease lease, CallOptions options, Callback done) = 0;
};

// `client` must outlive it.
GSH_EXPORT std::unique_ptr<Leases> MakeLeases(Client& client);

}  // namespace gsh::kubernetes

#endif  // GSH_KUBERNETES_LEASES_H_
