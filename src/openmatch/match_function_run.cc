#include "src/openmatch/match_function_run.h"

#include <system_error>
#include <thread>
#include <utility>

#include "src/openmatch/convert.h"
#include "src/openmatch/run_server.h"
#include "src/openmatch/wire_ticket.h"
#include "src/rpc/byte_buffer.h"
#include "src/rpc/status_conversion.h"
#include "src/rpc/common/utf8.h"

namespace gsh::openmatch {
namespace {

// Proposals that wait for the network before the function is held back.
constexpr std::size_t kQueueLimit = 256;

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* MatchFunctionRun::Start(
    const MatchFunctionServerOptions& options, std::shared_ptr<RunRegistry> registry,
    const grpc::ByteBuffer& buffer) {
  wire_openmatch::RunRequest request;
  const bool parsed = rpc::Parse(buffer, &request);
  auto run = std::make_shared<MatchFunctionRun>(options, std::move(registry),
                                                FromWire(std::move(*request.mutable_profile())));
  run->self_ = run;
  if (!parsed) {
    run->Finish(grpc::Status(grpc::StatusCode::INTERNAL, "the request cannot be parsed"));
    return run.get();
  }
  const auto admission = run->registry_->Enter(run->stop_);
  if (admission == RunRegistry::Admission::kAdmitted) {
    run->StartThread();
  } else {
    run->Finish(Refusal(admission, "match function", options.max_concurrent_runs));
  }
  return run.get();
}

MatchFunctionRun::MatchFunctionRun(const MatchFunctionServerOptions& options,
                                   std::shared_ptr<RunRegistry> registry, MatchProfile profile)
    : options_(options),
      registry_(std::move(registry)),
      profile_(std::move(profile)),
      started_(std::chrono::steady_clock::now()) {}

void MatchFunctionRun::StartThread() {
  try {
    std::thread([run = shared_from_this()] { run->Work(); }).detach();  // awaited by the registry
  } catch (const std::system_error& error) {
    registry_->Leave(stop_);
    Finish(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                        std::string("no thread for another run: ") + error.what()));
  }
}

void MatchFunctionRun::Work() {
  const auto* dual = options_.function.target<DualMatchFunction>();
  auto* query = dynamic_cast<WireQuery*>(options_.query);
  Status status = dual != nullptr && query != nullptr ? RunOnWire(*dual, *query) : RunOnTickets();
  if (!refused_.ok()) status = refused_;
  End(status);
  registry_->Leave(stop_);
}

CallOptions MatchFunctionRun::QueryCall() const {
  return {
      .timeout = options_.query_timeout, .stop = stop_.get_token(), .executor = InlineExecutor()};
}

Status MatchFunctionRun::RunOnTickets() {
  auto backfills = QueryBackfills();
  PoolQueries<Ticket> tickets(profile_.pools, QueryCall(),
                              [this](const Pool& pool, const CallOptions& call, auto done) {
                                options_.query->QueryTicketsAsync(pool, call, std::move(done));
                              });
  auto pools = tickets.Await();
  if (!pools.ok()) return pools.status();
  const MatchRequest request{.profile = profile_,
                             .pools = *std::move(pools),
                             .backfills = Await(backfills),
                             .stop = stop_.get_token()};
  return WithoutExceptions("match function", [&] {
    return options_.function(request, [this](Match proposal) { return Emit(std::move(proposal)); });
  });
}

Status MatchFunctionRun::RunOnWire(const DualMatchFunction& function, WireQuery& query) {
  auto backfills = QueryBackfills();
  PoolQueries<std::string> tickets(profile_.pools, QueryCall(),
                                   [&query](const Pool& pool, const CallOptions& call, auto done) {
                                     query.QueryWireTicketsAsync(pool, call, std::move(done));
                                   });
  auto pools = tickets.Await();
  if (!pools.ok()) return pools.status();
  const WireMatchRequest request{.profile = profile_,
                                 .pools = *std::move(pools),
                                 .backfills = Await(backfills),
                                 .stop = stop_.get_token()};
  return WithoutExceptions("match function", [&] {
    return function.on_wire(request,
                            [this](std::string proposal) { return EmitWire(std::move(proposal)); });
  });
}

std::optional<PoolQueries<Backfill>> MatchFunctionRun::QueryBackfills() const {
  if (!options_.query_backfills) return std::nullopt;
  return std::make_optional<PoolQueries<Backfill>>(
      profile_.pools, QueryCall(), [this](const Pool& pool, const CallOptions& call, auto done) {
        options_.query->QueryBackfillsAsync(pool, call, std::move(done));
      });
}

// Backfills are beta in Open Match, and players who wait can do without them.
BackfillPools MatchFunctionRun::Await(std::optional<PoolQueries<Backfill>>& queries) const {
  if (!queries) return {};
  auto pools = queries->Await();
  if (pools.ok()) return *std::move(pools);
  Log(options_.log, LogLevel::kWarning, "match function: a run goes on without backfills",
      {{"profile", profile_.name}, {"error", pools.status().ToString()}});
  if (options_.metrics != nullptr) {
    options_.metrics->Add("gsh_match_function_runs_without_backfills_total", 1, {});
  }
  return {};
}

// The synchronizer fails the whole cycle, every profile's, for one repeated match id: better to
// fail this run alone.
Status MatchFunctionRun::CheckProposal(const Match& proposal) {
  if (proposal.id.empty()) return InvalidArgumentError("a proposal has no match id");
  if (!rpc::IsUtf8(proposal.id)) return InvalidArgumentError("a match id is not UTF-8");
  if (proposal.tickets.empty() && !proposal.backfill) {
    return InvalidArgumentError("proposal " + proposal.id + " holds no ticket");
  }
  if (!seen_matches_.insert(proposal.id).second) {
    return InvalidArgumentError("two proposals have the match id " + proposal.id);
  }
  for (const Ticket& ticket : proposal.tickets) {
    if (!seen_tickets_.insert(ticket.id).second) {
      return InvalidArgumentError("proposal " + proposal.id + " holds ticket " + ticket.id +
                                  ", which this run has proposed already");
    }
  }
  return OkStatus();
}

bool MatchFunctionRun::Emit(Match proposal) {
  if (!refused_.ok()) return false;
  refused_ = CheckProposal(proposal);
  if (!refused_.ok()) return false;
  return EmitWire(WireProposal(std::move(proposal), {}));
}

bool MatchFunctionRun::EmitWire(std::string proposal) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return gone_ || queue_.size() < kQueueLimit; });
  if (gone_) return false;
  queue_.push_back(rpc::ToByteBuffer(std::move(proposal)));
  ++proposals_;
  if (queue_.size() == 1) WriteNext();
  return true;
}

void MatchFunctionRun::WriteNext() {
  StartWrite(&queue_.front(), write_hint_.Next(/*more=*/queue_.size() > 1));
}

void MatchFunctionRun::OnWriteDone(bool ok) {
  std::lock_guard lock(mutex_);
  if (!ok || gone_) {
    gone_ = true;
    queue_.clear();
  } else {
    queue_.pop_front();
    if (!queue_.empty()) WriteNext();
  }
  // Not for every single one: the function's thread then makes many at a time.
  if (gone_ || queue_.size() == kQueueLimit / 2) room_.notify_all();
  if (ended_ && queue_.empty()) Finish(result_);
}

void MatchFunctionRun::OnCancel() {
  {
    std::lock_guard lock(mutex_);
    gone_ = true;
    room_.notify_all();
  }
  stop_.request_stop();
}

void MatchFunctionRun::OnDone() { self_.reset(); }

void MatchFunctionRun::End(const Status& status) {
  const std::string_view code = StatusCodeName(status.code());
  if (!status.ok()) {
    Log(options_.log, LogLevel::kWarning, "match function run failed",
        {{"profile", profile_.name}, {"error", status.ToString()}});
  }
  if (options_.metrics != nullptr) {
    const MetricLabel labels[] = {{"code", code}};
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started_;
    options_.metrics->Add("gsh_match_function_runs_total", 1, labels);
    options_.metrics->Observe("gsh_match_function_run_seconds", took.count(), {});
    options_.metrics->Add("gsh_match_function_proposals_total", static_cast<double>(proposals_),
                          {});
  }
  std::lock_guard lock(mutex_);
  result_ = rpc::ToGrpc(status);
  ended_ = true;
  if (queue_.empty()) Finish(result_);
}

}  // namespace gsh::openmatch
