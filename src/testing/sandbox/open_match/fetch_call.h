// FetchCall: one FetchMatches stream, between the synchronizer and the match function (open-match
// v1.8: internal/app/backend/backend_service.go).
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_FETCH_CALL_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_FETCH_CALL_H_

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "src/proto/openmatch.h"
#include "src/rpc/write_hint.h"
#include "src/testing/sandbox/open_match/engine.h"
#include "src/testing/sandbox/open_match/mmf_client.h"
#include "src/testing/sandbox/open_match/synchronizer.h"

namespace gsh::sandbox {

struct FetchServices {
  std::shared_ptr<const Engine> engine;
  std::shared_ptr<Synchronizer> synchronizer;
  std::shared_ptr<MmfClient> match_functions;
};

// Registers with the synchronizer, runs the match function, hands its proposals on, streams what
// was accepted. An error of the match function or of the cycle ends the call with UNKNOWN, after
// the matches that were accepted all the same. No thread waits for any of it.
class FetchCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                        public Synchronizer::Caller,
                        public std::enable_shared_from_this<FetchCall> {
 public:
  // `request` is an openmatch.FetchMatchesRequest.
  static FetchCall* Start(FetchServices services, const grpc::ByteBuffer& request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  void OnStart() override;
  void OnCutoff() override;
  void OnEnd(Status status, std::vector<MatchPtr> accepted) override;

 private:
  explicit FetchCall(FetchServices services) : services_(std::move(services)) {}
  void Begin(const Status& fault);
  void OnProposal(MatchPtr proposal);
  void OnMmfDone(const grpc::Status& status);
  // Adds the match's tickets to its backfill. False: the backfill has changed or gone, and the
  // match is dropped.
  StatusOr<bool> UpdateBackfill(serialised::Match& match);
  void Deliver(std::vector<MatchPtr> accepted);
  // The synchronizer's side has ended, and with it the match function.
  void EndCycle(const Status& error);
  void CancelMmf();
  void Advance();                        // writes or ends, as things stand
  void End(const grpc::Status& status);  // once
  grpc::Status Result() const;           // with the lock

  const FetchServices services_;
  wire_openmatch::FetchMatchesRequest request_;  // does not change once the call has begun
  std::shared_ptr<FetchCall> self_;              // until OnDone

  std::mutex mutex_;
  std::shared_ptr<MmfRun> run_;
  bool mmf_started_ = false;
  bool mmf_done_ = false;
  Status mmf_error_ = {};
  bool cut_off_ = false;
  std::unordered_set<std::string> match_ids_;
  bool cycle_done_ = false;
  Status cycle_error_ = {};
  std::deque<grpc::ByteBuffer> queue_;  // FetchMatchesResponses; the first is being written
  rpc::WriteHint write_hint_;
  bool writing_ = false;
  bool cancelled_ = false;
  bool ending_ = false;
  bool ended_ = false;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_FETCH_CALL_H_
