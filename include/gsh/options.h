// Options that every client shares. Plain structs for designated initialisers; each default is
// meant for use.
#ifndef GSH_OPTIONS_H_
#define GSH_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "gsh/clock.h"
#include "gsh/executor.h"
#include "gsh/log.h"
#include "gsh/metrics.h"
#include "gsh/rng.h"

namespace gsh {

// TLS to a server. Peer names are always checked; plaintext only when asked for by name. Files are
// read again when they change; bad ones keep the last good ones in use and are reported to the log.
struct TlsOptions {
  std::string ca_file = {};    // PEM; empty: the system's roots
  std::string cert_file = {};  // PEM, the client's own certificate; empty: none
  std::string key_file = {};   // PEM, unencrypted
  // The name that the server's certificate must carry; empty: the endpoint's host.
  std::string server_name = {};
  bool insecure = false;  // plaintext, no TLS at all
};

// Full-jitter exponential back-off: the n-th pause is uniform in [0, min(max_backoff,
// initial_backoff * 2^n)].
struct RetryOptions {
  int max_attempts = 4;  // in all, the first included; 1: never retry
  Duration initial_backoff = std::chrono::milliseconds(100);
  Duration max_backoff = std::chrono::seconds(5);
  // Token bucket for one endpoint: a retry takes one, a success gives `budget_refill` back. 0: no
  // budget.
  double budget = 100;
  double budget_refill = 0.1;
};

// One call.
struct CallOptions {
  // Of the whole call, retries included; empty: the client's default. Duration::max(): no limit;
  // 0 or less: no time at all.
  std::optional<Duration> timeout = {};
  std::stop_token stop = {};                // cancels the call
  std::shared_ptr<Executor> executor = {};  // runs this call's callback; null: the client's
};

// What clients of one process usually have in common. Null members mean the default named beside
// them.
struct ClientOptions {
  std::string endpoint = {};  // "host:port"; required
  TlsOptions tls = {};
  RetryOptions retry = {};
  Duration timeout =
      std::chrono::seconds(10);             // of a call whose CallOptions name none; 0: no limit
  std::shared_ptr<Executor> executor = {};  // DefaultExecutor()
  Clock* clock = nullptr;                   // SystemClock(); must outlive the client
  Rng* rng = nullptr;                       // SystemRng(); must outlive the client
  LogSink* log = nullptr;                   // nowhere; must outlive the client
  MetricsSink* metrics = nullptr;           // nowhere; must outlive the client
  std::uint32_t max_message_bytes = 64u << 20;  // of one received message
};

}  // namespace gsh

#endif  // GSH_OPTIONS_H_
