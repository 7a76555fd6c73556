#include "src/testing/sandbox/open_match/fetch_call.h"

#include <utility>

#include "src/core/host_port.h"
#include "src/rpc/byte_buffer.h"
#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/faults/suffer.h"
#include "src/testing/sandbox/open_match/evaluator.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;
using When = SandboxFault::When;

Status FromGrpc(const grpc::Status& status) {
  return {static_cast<StatusCode>(static_cast<int>(status.error_code())), status.error_message()};
}

std::vector<std::string> TicketsOf(const serialised::Match& match) {
  const std::vector<std::string_view> ids = TicketIds(match);
  return {ids.begin(), ids.end()};
}

grpc::ByteBuffer ToResponse(MatchPtr match) {
  serialised::MatchResponse response;
  response.set_allocated_match(match.release());
  return rpc::ToByteBuffer(response.SerializeAsString());
}

}  // namespace

FetchCall* FetchCall::Start(FetchServices services, const grpc::ByteBuffer& request) {
  const std::shared_ptr<FetchCall> call(new FetchCall(std::move(services)));
  call->self_ = call;
  if (!rpc::Parse(request, &call->request_)) {
    call->End({grpc::StatusCode::INTERNAL, "the request cannot be parsed"});
    return call.get();
  }
  const Engine& engine = *call->services_.engine;
  Suffer(engine.faults, engine.clock, "FetchMatches", When::kBefore,
         [call](const Status& fault) { call->Begin(fault); });
  return call.get();
}

void FetchCall::Begin(const Status& fault) {
  if (!fault.ok()) return End(rpc::ToGrpc(fault));
  if (!request_.has_config()) return End(InvalidArgument("config is required"));
  if (!request_.has_profile()) return End(InvalidArgument("profile is required"));
  if (request_.config().type() != wire::FunctionConfig::GRPC) {
    return End({grpc::StatusCode::UNIMPLEMENTED,
                "the sandbox calls match functions over gRPC only, not over REST"});
  }
  {
    std::lock_guard lock(mutex_);
    if (cancelled_) return;
  }
  services_.synchronizer->Register(shared_from_this());
  std::unique_lock lock(mutex_);
  if (!cancelled_) return;
  lock.unlock();
  services_.synchronizer->Leave(this);  // cancelled on the way
}

void FetchCall::OnStart() {
  {
    std::lock_guard lock(mutex_);
    if (cycle_done_) return;
    mmf_started_ = true;
  }
  wire::RunRequest request;
  *request.mutable_profile() = request_.profile();
  auto run = services_.match_functions->Run(
      request_.config(), std::move(request),
      [call = shared_from_this()](MatchPtr proposal) { call->OnProposal(std::move(proposal)); },
      [call = shared_from_this()](const grpc::Status& status) { call->OnMmfDone(status); });
  std::unique_lock lock(mutex_);
  if (mmf_done_) return;
  run_ = run;
  const bool unwanted = cycle_done_ || cut_off_;
  lock.unlock();
  if (unwanted) run->Cancel();
}

void FetchCall::OnProposal(MatchPtr proposal) {
  std::unique_lock lock(mutex_);
  if (cycle_done_) return;
  if (match_ids_.insert(proposal->match_id()).second) {
    lock.unlock();
    return services_.synchronizer->Propose(this, std::move(proposal));
  }
  lock.unlock();
  services_.synchronizer->Leave(this);
  EndCycle(UnknownError("the match function returned the match id \"" + proposal->match_id() +
                        "\" twice"));
}

void FetchCall::OnMmfDone(const grpc::Status& status) {
  {
    std::lock_guard lock(mutex_);
    mmf_done_ = true;
    run_ = nullptr;
    if (!status.ok()) {
      mmf_error_ = cut_off_ ? DeadlineExceededError("ran longer than the proposal window")
                            : FromGrpc(status);
    }
  }
  services_.synchronizer->DoneProposing(this);
  Advance();
}

void FetchCall::OnCutoff() {
  {
    std::lock_guard lock(mutex_);
    cut_off_ = true;
  }
  CancelMmf();
}

void FetchCall::OnEnd(Status status, std::vector<MatchPtr> accepted) {
  if (!status.ok()) return EndCycle(status);
  Deliver(std::move(accepted));
}

StatusOr<bool> FetchCall::UpdateBackfill(serialised::Match& match) {
  const Engine& engine = *services_.engine;
  wire::Backfill backfill;
  if (!backfill.ParseFromString(match.backfill())) {
    return InternalError("match \"" + match.match_id() + "\": its backfill cannot be parsed");
  }
  if (backfill.id().empty()) {
    match.set_backfill(engine.backfills->Create(backfill, TicketsOf(match))->SerializeAsString());
    return true;
  }
  const Status added = engine.backfills->AddTickets(backfill, TicketsOf(match));
  if (added.ok()) return true;
  if (added.code() != StatusCode::kFailedPrecondition && added.code() != StatusCode::kNotFound) {
    return added.WithContext("match \"" + match.match_id() + "\"");
  }
  engine.tickets->Release(TicketsOf(match));
  return false;
}

void FetchCall::Deliver(std::vector<MatchPtr> accepted) {
  std::deque<grpc::ByteBuffer> responses;
  Status error;
  for (MatchPtr& match : accepted) {
    if (match->has_backfill()) {
      const StatusOr<bool> keep = UpdateBackfill(*match);
      if (!keep.ok()) {
        error = keep.status();
        break;
      }
      if (!*keep) continue;
    }
    responses.push_back(ToResponse(std::move(match)));
  }
  {
    std::lock_guard lock(mutex_);
    if (!cancelled_) queue_ = std::move(responses);
  }
  EndCycle(error);
}

void FetchCall::EndCycle(const Status& error) {
  {
    std::lock_guard lock(mutex_);
    cycle_done_ = true;
    cycle_error_ = error;
    mmf_done_ = mmf_done_ || !mmf_started_;
  }
  CancelMmf();  // has ended already, unless something went wrong
  Advance();
}

void FetchCall::CancelMmf() {
  std::unique_lock lock(mutex_);
  const std::shared_ptr<MmfRun> run = run_;
  lock.unlock();
  if (run != nullptr) run->Cancel();
}

grpc::Status FetchCall::Result() const {
  if (cancelled_) return grpc::Status::CANCELLED;
  if (cycle_error_.ok() && mmf_error_.ok()) return grpc::Status::OK;
  // UNKNOWN whatever the cause: that is what the real backend answers.
  std::string message = "FetchMatches failed:";
  if (!cycle_error_.ok()) message += " synchronizer: " + cycle_error_.ToString() + ";";
  if (!mmf_error_.ok()) {
    message += " match function at " +
               internal::JoinHostPort(request_.config().host(), request_.config().port()) + ": " +
               mmf_error_.ToString() + ";";
  }
  message.pop_back();
  return {grpc::StatusCode::UNKNOWN, message};
}

void FetchCall::Advance() {
  grpc::Status result;
  {
    std::lock_guard lock(mutex_);
    if (writing_ || ending_) return;
    if (!queue_.empty()) {
      writing_ = true;
      StartWrite(&queue_.front(), write_hint_.Next(/*more=*/queue_.size() > 1));
      return;
    }
    if (!cycle_done_ || !mmf_done_) return;
    ending_ = true;
    result = Result();
  }
  const Engine& engine = *services_.engine;
  Suffer(engine.faults, engine.clock, "FetchMatches", When::kAfter,
         [call = shared_from_this(), result](const Status& fault) {
           call->End(fault.ok() ? result : rpc::ToGrpc(fault));
         });
}

void FetchCall::End(const grpc::Status& status) {
  std::lock_guard lock(mutex_);
  if (!std::exchange(ended_, true)) Finish(status);
}

void FetchCall::OnWriteDone(bool ok) {
  {
    std::lock_guard lock(mutex_);
    writing_ = false;
    if (ok) {
      queue_.pop_front();
    } else {
      queue_.clear();
    }
  }
  Advance();
}

void FetchCall::OnCancel() {
  {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    // What is being written stays until OnWriteDone.
    while (queue_.size() > (writing_ ? 1u : 0u)) queue_.pop_back();
  }
  services_.synchronizer->Leave(this);
  EndCycle(CancelledError("the caller is gone"));
  std::unique_lock lock(mutex_);
  const bool idle = !writing_ && mmf_done_;
  lock.unlock();
  if (idle) End(grpc::Status::CANCELLED);  // even while a fault's delay runs
}

void FetchCall::OnDone() { const std::shared_ptr<FetchCall> last = std::move(self_); }

}  // namespace gsh::sandbox
