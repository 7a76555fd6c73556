// One MatchFunction/Run call: queries the pools, runs the function, streams its proposals.
#ifndef GSH_SRC_OPENMATCH_MATCH_FUNCTION_RUN_H_
#define GSH_SRC_OPENMATCH_MATCH_FUNCTION_RUN_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

#include "gsh/openmatch/match_function.h"
#include "src/openmatch/pool_queries.h"
#include "src/openmatch/run_registry.h"
#include "src/openmatch/wire_match_function.h"
#include "src/proto/openmatch.h"
#include "src/rpc/write_hint.h"

namespace gsh::openmatch {

using BackfillPools = std::map<std::string, std::vector<Backfill>>;  // by the pool's name

// Lives until both gRPC and its own thread are done with it.
class MatchFunctionRun final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                               public std::enable_shared_from_this<MatchFunctionRun> {
 public:
  // Begins a call; the reactor is for gRPC.
  static grpc::ServerWriteReactor<grpc::ByteBuffer>* Start(
      const MatchFunctionServerOptions& options, std::shared_ptr<RunRegistry> registry,
      const grpc::ByteBuffer& buffer);

  MatchFunctionRun(const MatchFunctionServerOptions& options, std::shared_ptr<RunRegistry> registry,
                   MatchProfile profile);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void StartThread();
  void Work();
  Status RunOnTickets();
  // The way without copies, when both the function and the query know it.
  Status RunOnWire(const DualMatchFunction& function, WireQuery& query);
  CallOptions QueryCall() const;
  // Empty unless the options want them.
  std::optional<PoolQueries<Backfill>> QueryBackfills() const;
  BackfillPools Await(std::optional<PoolQueries<Backfill>>& queries) const;
  bool Emit(Match proposal);
  bool EmitWire(std::string proposal);
  Status CheckProposal(const Match& proposal);
  void End(const Status& status);
  void WriteNext();  // with mutex_ held

  const MatchFunctionServerOptions& options_;  // the server's, which outlives every run
  const std::shared_ptr<RunRegistry> registry_;
  const MatchProfile profile_;
  const SteadyTime started_;
  std::stop_source stop_;
  std::shared_ptr<MatchFunctionRun> self_;  // gRPC's share, given up in OnDone

  // Of the function's thread alone.
  std::unordered_set<std::string> seen_matches_;
  std::unordered_set<std::string> seen_tickets_;
  Status refused_;
  std::size_t proposals_ = 0;

  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<grpc::ByteBuffer> queue_;  // the front one is being written
  rpc::WriteHint write_hint_;
  bool gone_ = false;  // nobody reads any more
  bool ended_ = false;
  grpc::Status result_;
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_MATCH_FUNCTION_RUN_H_
