// Engines: Open Match and Agones to run a benchmark against. A sandbox of its own, or the engines
// that the environment names:
//   GSH_BENCH_FRONTEND             host:port of Open Match's frontend; empty: a sandbox
//   GSH_BENCH_BACKEND, GSH_BENCH_QUERY, GSH_BENCH_ALLOCATOR
//                                  the other services. With all three, our director and match
//                                  function run in the benchmark; without, whoever runs elsewhere
//   GSH_BENCH_MMF                  host:port to serve the match function on, where the backend
//                                  reaches it (127.0.0.1:50502)
//   GSH_BENCH_TLS_DIR              Open Match's tls.crt, tls.key and ca.crt; empty: plaintext
//   GSH_BENCH_TLS_NAME             the name in its servers' certificates (the endpoint's host)
//   GSH_BENCH_ALLOCATOR_TLS_DIR    the allocator's client.crt, client.key and ca.crt; empty:
//                                  plaintext
//   GSH_BENCH_ALLOCATOR_TLS_NAME   the name in its certificate (the endpoint's host)
#ifndef GSH_BENCHMARKS_ENGINES_H_
#define GSH_BENCHMARKS_ENGINES_H_

#include <memory>
#include <string>
#include <vector>

#include "gsh/options.h"
#include "gsh/status.h"
#include "gsh/testing/sandbox.h"

namespace gsh::benchmarks {

// An environment variable, and one that is a number; `otherwise` when it is empty or none.
std::string FromEnvironment(const char* name, const std::string& otherwise);
double FromEnvironment(const char* name, double otherwise);

const std::vector<std::string>& Regions();

struct Engines {
  std::string frontend = {};
  std::string backend = {};  // this and the next two: empty when the director runs elsewhere
  std::string query = {};
  std::string allocator = {};
  std::string mmf_listen = "127.0.0.1:0";
  TlsOptions open_match_tls = {};
  TlsOptions allocator_tls = {};
  std::shared_ptr<testing::Sandbox> sandbox = {};  // if it is one

  bool director_elsewhere() const { return backend.empty(); }
};

// With `servers` game servers ready in each region, if it is a sandbox.
StatusOr<Engines> StartEngines(int servers);
// A sandbox, whatever the environment says.
StatusOr<Engines> StartSandbox(int servers);

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_ENGINES_H_
