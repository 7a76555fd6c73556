// BareFrontend: a frontend service whose CreateTicket does nothing. What a call costs by itself.
#ifndef GSH_BENCHMARKS_BARE_FRONTEND_H_
#define GSH_BENCHMARKS_BARE_FRONTEND_H_

#include <memory>
#include <string>

#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::benchmarks {

class BareFrontend {
 public:
  // Serves on a free port of 127.0.0.1 with the certificate of `tls`, as the sandbox does.
  static StatusOr<std::unique_ptr<BareFrontend>> Start(const TlsOptions& tls);
  virtual ~BareFrontend() = default;
  virtual const std::string& endpoint() const = 0;
};

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_BARE_FRONTEND_H_
