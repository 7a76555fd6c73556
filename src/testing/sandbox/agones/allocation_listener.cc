#include "src/testing/sandbox/agones/allocation_listener.h"

#include <utility>

#include "src/http/server_tls_files.h"

namespace gsh::sandbox {
namespace {

// A forwarded allocation may take 30 s.
constexpr std::chrono::seconds kLongest{40};

}  // namespace

StatusOr<std::unique_ptr<http::Server>> ListenForAllocations(const AllocationRestOptions& options,
                                                             http::AsyncHandler handler) {
  http::ServerOptions server{.address = options.bind + ":0",
                             .max_body_bytes = std::size_t{1} << 20,
                             .request_timeout = kLongest,
                             .log = options.log};
  server.async_handler = std::move(handler);
  if (!options.tls.insecure) {
    auto files = http::ServerTlsFiles::Open({.cert_file = options.tls.cert_file,
                                             .key_file = options.tls.key_file,
                                             .client_ca_file = options.tls.ca_file,
                                             .clock = options.clock,
                                             .log = options.log});
    if (!files.ok()) return files.status();
    server.tls = [files = *files] { return files->Context(); };
  }
  return http::Server::Start(std::move(server));
}

}  // namespace gsh::sandbox
