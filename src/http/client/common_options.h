// CommonOptions: from a port's own options to those of the HTTP client under it.
#ifndef GSH_SRC_HTTP_CLIENT_COMMON_OPTIONS_H_
#define GSH_SRC_HTTP_CLIENT_COMMON_OPTIONS_H_

#include <string>
#include <utility>

#include "gsh/options.h"

namespace gsh::http {

// For options whose `endpoint` and `tls` are found out (of a cluster, of a region) and which share
// the rest with ClientOptions. Their `max_response_bytes` bounds one answer.
template <typename Options>
ClientOptions CommonOptions(const Options& options, std::string endpoint, TlsOptions tls) {
  return {.endpoint = std::move(endpoint),
          .tls = std::move(tls),
          .retry = options.retry,
          .timeout = options.timeout,
          .executor = options.executor,
          .clock = options.clock,
          .rng = options.rng,
          .log = options.log,
          .metrics = options.metrics,
          .max_message_bytes = options.max_response_bytes};
}

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_COMMON_OPTIONS_H_
