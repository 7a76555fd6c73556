// WatchCall: one WatchAssignments stream.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_WATCH_CALL_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_WATCH_CALL_H_

#include <memory>
#include <mutex>
#include <string>

#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/engine.h"

namespace gsh::sandbox {

// Sends each assignment that differs from the one before, as soon as it is made (the real frontend
// polls every 100 ms), and ends with NOT_FOUND when the ticket is no more.
class WatchCall final : public grpc::ServerWriteReactor<wire_openmatch::WatchAssignmentsResponse>,
                        public std::enable_shared_from_this<WatchCall> {
 public:
  static WatchCall* Start(std::shared_ptr<const Engine> engine, std::string ticket_id);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  WatchCall(std::shared_ptr<const Engine> engine, std::string ticket_id);
  void Begin();
  void Check();
  void End(const grpc::Status& status);  // with the lock

  const std::shared_ptr<const Engine> engine_;
  const std::string ticket_id_;
  std::shared_ptr<WatchCall> self_;  // until OnDone
  std::mutex mutex_;
  TicketStore::WatchId watch_ = 0;
  wire_openmatch::WatchAssignmentsResponse response_;  // being written
  AssignmentRef sent_;
  bool writing_ = false;
  bool cancelled_ = false;
  bool ended_ = false;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_WATCH_CALL_H_
