// RsaAllocator: the sandbox's Agones allocator over mutual TLS with RSA-2048 certificates, as the
// Agones documents make them, and without batch window.
#ifndef GSH_BENCHMARKS_RSA_ALLOCATOR_H_
#define GSH_BENCHMARKS_RSA_ALLOCATOR_H_

#include <memory>
#include <string>

#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::benchmarks {

class RsaAllocator {
 public:
  // Its game servers are Ready again as soon as they are allocated, so that it never runs out of
  // them and all calls cost the same.
  static StatusOr<std::unique_ptr<RsaAllocator>> Start();
  virtual ~RsaAllocator() = default;

  virtual const std::string& endpoint() const = 0;
  virtual const TlsOptions& client_tls() const = 0;
};

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_RSA_ALLOCATOR_H_
