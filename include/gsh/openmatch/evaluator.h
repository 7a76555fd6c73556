// An evaluator as a server: which of a cycle's proposals become matches (open-match v1.8:
// api/evaluator.proto).
#ifndef GSH_OPENMATCH_EVALUATOR_H_
#define GSH_OPENMATCH_EVALUATOR_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/log.h"
#include "gsh/metrics.h"
#include "gsh/openmatch/types.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::openmatch {

// All proposals of one cycle of the synchronizer, from every profile, in the order in which they
// came.
struct EvaluationRequest {
  std::vector<Match> proposals = {};
  std::stop_token stop = {};  // asked for when Open Match gave up the call, or the server stops
};

// Accepts one proposal, by its id. False, and nothing is accepted: no proposal has this id, it was
// accepted before, it shares a ticket or a backfill with an accepted one, or nobody listens any
// more. One call at a time.
using AcceptMatch = std::function<bool(std::string_view match_id)>;

// Runs on a thread of its own for each call. An error fails the cycle: every FetchMatches call that
// is in it.
using Evaluator =
    std::function<Status(const EvaluationRequest& request, const AcceptMatch& accept)>;

// Open Match's default one: the highest score first, what collides with an accepted proposal is
// dropped. A proposal without the extension evaluation_input comes after all others, one whose
// score is NaN after those; one whose score cannot be read is dropped. Of equal scores the one that
// came first wins (Open Match leaves it open).
GSH_EXPORT Evaluator MakeDefaultEvaluator();

// The score in the match's extension evaluation_input (openmatch.DefaultEvaluationCriteria): minus
// infinity without that key, nothing if it holds another type or broken bytes.
GSH_EXPORT std::optional<double> EvaluationScore(const Match& match);

struct EvaluatorServerOptions {
  std::string listen = "0.0.0.0:50508";  // port 0: any free one, see port()
  TlsOptions tls = {};  // cert_file, key_file; with ca_file clients must have a certificate
  bool require_client_certificate = false;
  Evaluator function = {};      // required
  int max_concurrent_runs = 4;  // Open Match runs one; further ones are answered RESOURCE_EXHAUSTED
  std::size_t max_bytes = std::size_t{1} << 30;       // of a cycle's proposals; more fail the cycle
  Duration drain_timeout = std::chrono::seconds(10);  // how long Stop() lets runs finish
  LogSink* log = nullptr;
  // gsh_evaluator_runs_total{code}, gsh_evaluator_proposals_total, gsh_evaluator_accepted_total,
  // gsh_evaluator_refused_total (what accept() said false to); histogram gsh_evaluator_run_seconds.
  MetricsSink* metrics = nullptr;
};

// Serves openmatch.Evaluator and grpc.health.v1 until destroyed.
class GSH_EXPORT EvaluatorServer {
 public:
  virtual ~EvaluatorServer() = default;
  virtual int port() const = 0;
  // Health turns to NOT_SERVING, new runs are refused, running ones end or are cancelled.
  // Idempotent.
  virtual void Stop() = 0;
};

GSH_EXPORT StatusOr<std::unique_ptr<EvaluatorServer>> StartEvaluatorServer(
    EvaluatorServerOptions options);

}  // namespace gsh::openmatch

#endif  // GSH_OPENMATCH_EVALUATOR_H_
