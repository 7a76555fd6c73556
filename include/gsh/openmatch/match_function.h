// A match function as a server: one function from profile and pools to proposals (open-match v1.8:
// api/matchfunction.proto).
#ifndef GSH_OPENMATCH_MATCH_FUNCTION_H_
#define GSH_OPENMATCH_MATCH_FUNCTION_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/openmatch/query.h"
#include "gsh/openmatch/types.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::openmatch {

// One run: the profile that the director sent, and what each pool holds, by the pool's name.
struct MatchRequest {
  MatchProfile profile = {};
  std::map<std::string, std::vector<Ticket>> pools = {};
  // Each pool's backfills; empty unless MatchFunctionServerOptions::query_backfills.
  std::map<std::string, std::vector<Backfill>> backfills = {};
  std::stop_token stop = {};  // asked for when Open Match gave up the call, or the server stops
};

// Gives one proposal to Open Match; false when nobody listens any more and the rest need not be
// made. One call at a time. Refuses (InvalidArgument for the whole run) a proposal without id, and
// one that holds a ticket twice or one that an earlier proposal of this run held.
using EmitProposal = std::function<bool(Match)>;

// Runs on a thread of its own for each call. An error ends the run, and Open Match drops that
// profile's round.
using MatchFunction = std::function<Status(const MatchRequest& request, const EmitProposal& emit)>;

struct MatchFunctionServerOptions {
  std::string listen = "0.0.0.0:50502";  // port 0: any free one, see port()
  TlsOptions tls = {};  // cert_file, key_file; with ca_file clients must have a certificate
  bool require_client_certificate = false;
  Query* query = nullptr;  // required; must outlive the server
  MatchFunction function = {};
  int max_concurrent_runs = 32;  // further ones are answered RESOURCE_EXHAUSTED
  Duration query_timeout = std::chrono::seconds(30);
  // Pools are asked for their backfills too. When that fails (they are beta in Open Match) the run
  // goes on without, with a warning, counted as gsh_match_function_runs_without_backfills_total.
  bool query_backfills = false;
  Duration drain_timeout = std::chrono::seconds(10);  // how long Stop() lets runs finish
  LogSink* log = nullptr;
  MetricsSink* metrics = nullptr;
};

// Serves openmatch.MatchFunction and grpc.health.v1 until destroyed.
class GSH_EXPORT MatchFunctionServer {
 public:
  virtual ~MatchFunctionServer() = default;
  virtual int port() const = 0;
  // Health turns to NOT_SERVING, new runs are refused, running ones end or are cancelled.
  // Idempotent.
  virtual void Stop() = 0;
};

GSH_EXPORT StatusOr<std::unique_ptr<MatchFunctionServer>> StartMatchFunctionServer(
    MatchFunctionServerOptions options);

}  // namespace gsh::openmatch

#endif  // GSH_OPENMATCH_MATCH_FUNCTION_H_
