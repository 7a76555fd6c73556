#include "src/openmatch/evaluator_run.h"

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "src/openmatch/convert.h"
#include "src/openmatch/run_server.h"
#include "src/proto/openmatch.h"
#include "src/rpc/byte_buffer.h"
#include "src/rpc/status_conversion.h"

namespace gsh::openmatch {

EvaluatorRun* EvaluatorRun::Start(const EvaluatorServerOptions& options,
                                  std::shared_ptr<RunRegistry> registry,
                                  grpc::CallbackServerContext* context) {
  auto run = std::make_shared<EvaluatorRun>(options, std::move(registry), context);
  run->self_ = run;
  const auto admission = run->registry_->Enter(run->stop_);
  if (admission == RunRegistry::Admission::kAdmitted) {
    run->StartRead(&run->read_);
  } else {
    run->Finish(Refusal(admission, "evaluator", options.max_concurrent_runs));
  }
  return run.get();
}

EvaluatorRun::EvaluatorRun(const EvaluatorServerOptions& options,
                           std::shared_ptr<RunRegistry> registry,
                           grpc::CallbackServerContext* context)
    : options_(options),
      registry_(std::move(registry)),
      context_(context),
      started_(std::chrono::steady_clock::now()) {}

void EvaluatorRun::OnReadDone(bool ok) {
  if (!ok) {
    if (!context_->IsCancelled()) return StartThread();
    End(CancelledError("Open Match gave up the call"));
    return registry_->Leave(stop_);
  }
  if (Status status = Take(); !status.ok()) {
    End(status);
    return registry_->Leave(stop_);
  }
  StartRead(&read_);
}

Status EvaluatorRun::Take() {
  bytes_ += read_.Length();
  if (bytes_ > options_.max_bytes) {
    return ResourceExhaustedError("the proposals have more than " +
                                  std::to_string(options_.max_bytes) + " bytes");
  }
  wire_openmatch::EvaluateRequest request;
  if (!rpc::Parse(read_, &request)) return InternalError("a proposal cannot be parsed");
  read_.Clear();
  request_.proposals.push_back(FromWire(std::move(*request.mutable_match())));
  return OkStatus();
}

void EvaluatorRun::StartThread() {
  try {
    std::thread([run = shared_from_this()] { run->Work(); }).detach();  // awaited by the registry
  } catch (const std::system_error& error) {
    End(ResourceExhaustedError(std::string("no thread for another run: ") + error.what()));
    registry_->Leave(stop_);
  }
}

void EvaluatorRun::Work() {
  request_.stop = stop_.get_token();
  for (std::size_t i = 0; i < request_.proposals.size(); ++i) {
    by_id_.try_emplace(request_.proposals[i].id, i);
  }
  End(WithoutExceptions("evaluator", [this] {
    return options_.function(request_, [this](std::string_view id) { return Accept(id); });
  }));
  registry_->Leave(stop_);
}

bool EvaluatorRun::Accept(std::string_view match_id) {
  const std::string id(match_id);  // it may be the proposal's own
  if (!Choose(id)) {
    ++refused_;
    return false;
  }
  ++accepted_;
  return Emit(id);
}

// The synchronizer fails the cycle for an id that is unknown or comes twice, and would put players
// into two matches.
bool EvaluatorRun::Choose(std::string_view match_id) {
  const auto found = by_id_.find(match_id);
  if (found == by_id_.end()) return false;
  const Match& proposal = request_.proposals[found->second];
  std::vector<std::string_view> tickets;
  tickets.reserve(proposal.tickets.size());
  for (const Ticket& ticket : proposal.tickets) tickets.push_back(ticket.id);
  const bool free = used_.Take(
      tickets, proposal.backfill ? std::string_view(proposal.backfill->id) : std::string_view());
  if (free) by_id_.erase(found);
  return free;
}

bool EvaluatorRun::Emit(const std::string& match_id) {
  wire_openmatch::EvaluateResponse response;
  response.set_match_id(match_id);
  std::lock_guard lock(mutex_);
  if (gone_) return false;
  queue_.push_back(rpc::ToByteBuffer(response.SerializeAsString()));
  if (queue_.size() == 1) StartWrite(&queue_.front(), write_hint_.Next(/*more=*/false));
  return true;
}

void EvaluatorRun::OnWriteDone(bool ok) {
  std::lock_guard lock(mutex_);
  if (!ok || gone_) {
    gone_ = true;
    queue_.clear();
  } else {
    queue_.pop_front();
    if (!queue_.empty()) {
      StartWrite(&queue_.front(), write_hint_.Next(/*more=*/queue_.size() > 1));
    }
  }
  if (ended_ && queue_.empty()) Finish(result_);
}

void EvaluatorRun::OnCancel() {
  {
    std::lock_guard lock(mutex_);
    gone_ = true;
  }
  stop_.request_stop();
}

void EvaluatorRun::OnDone() { const std::shared_ptr<EvaluatorRun> last = std::move(self_); }

void EvaluatorRun::End(const Status& status) {
  Measure(status);
  std::lock_guard lock(mutex_);
  result_ = rpc::ToGrpc(status);
  ended_ = true;
  if (queue_.empty()) Finish(result_);
}

void EvaluatorRun::Measure(const Status& status) const {
  if (!status.ok() && status.code() != StatusCode::kCancelled) {
    Log(options_.log, LogLevel::kWarning, "evaluator run failed", {{"error", status.ToString()}});
  }
  if (refused_ > 0) {
    Log(options_.log, LogLevel::kDebug, "the evaluator accepted what cannot be a match",
        {{"proposals", std::to_string(refused_)}});
  }
  if (options_.metrics == nullptr) return;
  const MetricLabel labels[] = {{"code", StatusCodeName(status.code())}};
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started_;
  MetricsSink& metrics = *options_.metrics;
  metrics.Add("gsh_evaluator_runs_total", 1, labels);
  metrics.Observe("gsh_evaluator_run_seconds", took.count(), {});
  metrics.Add("gsh_evaluator_proposals_total", static_cast<double>(request_.proposals.size()), {});
  metrics.Add("gsh_evaluator_accepted_total", static_cast<double>(accepted_), {});
  metrics.Add("gsh_evaluator_refused_total", static_cast<double>(refused_), {});
}

}  // namespace gsh::openmatch
