#include "src/openmatch/assignment_watch.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stop_token>
#include <utility>

#include "src/openmatch/convert.h"
#include "src/openmatch/methods.h"
#include "src/proto/openmatch.h"
#include "src/rpc/common/reconnect.h"

namespace gsh::openmatch {
namespace {

// gRPC measures a deadline by a clock of its own, which may be a little ahead.
constexpr Duration kDeadlineSlack = std::chrono::milliseconds(10);

// Stream, and when it breaks: read the ticket, pause, stream again. One step at a time, each begun
// by the one before, so that nothing here needs a lock.
class AssignmentWatch : public std::enable_shared_from_this<AssignmentWatch> {
 public:
  AssignmentWatch(rpc::Client& client, std::string ticket_id, CallOptions options,
                  std::function<bool(const Assignment&)> on_assignment,
                  std::function<void(Status)> done)
      : client_(client),
        ticket_id_(std::move(ticket_id)),
        options_(std::move(options)),
        on_assignment_(std::move(on_assignment)),
        done_(std::move(done)),
        gone_(client.gone()),
        reconnect_(client.options()) {
    if (options_.timeout) {
      deadline_ = rpc::DeadlineAfter(*options_.timeout, client_.options().clock->SteadyNow());
    }
  }

  void Stream() {
    reconnect_.Opened();
    auto request = std::make_shared<wire_openmatch::WatchAssignmentsRequest>();
    request->set_ticket_id(ticket_id_);
    client_.ServerStream(
        kWatchAssignments, std::move(request),
        [] { return std::make_unique<wire_openmatch::WatchAssignmentsResponse>(); },
        [self = shared_from_this()](google::protobuf::MessageLite& message) {
          auto& response = static_cast<wire_openmatch::WatchAssignmentsResponse&>(message);
          if (!response.has_assignment()) return true;
          return self->Deliver(FromWire(std::move(*response.mutable_assignment())));
        },
        Remaining(rpc::kNoTimeout),
        [self = shared_from_this()](Status status) {
          if (self->finished_) return self->done_(OkStatus());
          if (self->IsFinal(status)) return self->done_(std::move(status));
          self->ReadTicket();
        });
  }

 private:
  // False ends the watch.
  bool Deliver(Assignment assignment) {
    if (last_ && *last_ == assignment) return true;  // a new stream begins with what is known
    last_ = std::move(assignment);
    if (!on_assignment_(*last_)) finished_ = true;
    return !finished_;
  }

  // A watch that only streamed could miss an assignment whenever streams keep breaking.
  void ReadTicket() {
    auto request = std::make_shared<wire_openmatch::GetTicketRequest>();
    request->set_ticket_id(ticket_id_);
    auto ticket = std::make_shared<wire_openmatch::Ticket>();
    client_.Unary(kGetTicket, std::move(request), ticket, Remaining(client_.options().timeout),
                  [self = shared_from_this(), ticket](Status status) {
                    if (self->IsFinal(status)) return self->done_(std::move(status));
                    if (status.ok() && ticket->has_assignment()) {
                      self->Deliver(FromWire(std::move(*ticket->mutable_assignment())));
                    }
                    if (self->finished_) return self->done_(OkStatus());
                    // on_assignment may have destroyed the client.
                    if (self->gone_.stop_requested()) return self->done_(Gone());
                    self->PauseThenStream();
                  });
  }

  void PauseThenStream() {
    const ClientOptions& options = client_.options();
    Duration delay = reconnect_.NextPause();
    if (deadline_) delay = std::min(delay, Duration(*deadline_ - options.clock->SteadyNow()));
    client_.Pause(delay, Remaining(rpc::kNoTimeout), [self = shared_from_this()](Status status) {
      if (!status.ok()) return self->done_(std::move(status));
      if (self->Expired()) {
        return self->done_(DeadlineExceededError("no assignment for ticket " + self->ticket_id_ +
                                                 " within the time given"));
      }
      self->Stream();
    });
  }

  bool IsFinal(const Status& status) const {
    switch (status.code()) {
      case StatusCode::kOk:
        return false;
      case StatusCode::kDeadlineExceeded:
        return Expired();
      case StatusCode::kCancelled:  // by us, or by a server that goes
        return gone_.stop_requested() || options_.stop.stop_requested();
      case StatusCode::kNotFound:
      case StatusCode::kInvalidArgument:
      case StatusCode::kPermissionDenied:
      case StatusCode::kUnauthenticated:
      case StatusCode::kUnimplemented:
        return true;
      default:
        return false;
    }
  }

  bool Expired() const {
    return deadline_ && client_.options().clock->SteadyNow() + kDeadlineSlack >= *deadline_;
  }

  static Status Gone() { return CancelledError("the client was destroyed"); }

  // The options of the next step: what is left of the watch's time, and at most `limit` (0: none).
  CallOptions Remaining(Duration limit) const {
    CallOptions step = options_;
    step.timeout = limit == Duration(0) ? rpc::kNoTimeout : limit;
    if (deadline_) {
      const Duration left = *deadline_ - client_.options().clock->SteadyNow();
      step.timeout = std::max(std::min(left, *step.timeout), Duration(1));
    }
    return step;
  }

  rpc::Client& client_;
  const std::string ticket_id_;
  const CallOptions options_;
  const std::function<bool(const Assignment&)> on_assignment_;
  const std::function<void(Status)> done_;
  const std::stop_token gone_;  // of the client
  std::optional<SteadyTime> deadline_;
  std::optional<Assignment> last_;
  rpc::Reconnect reconnect_;
  bool finished_ = false;
};

}  // namespace

void WatchAssignment(rpc::Client& client, std::string ticket_id, CallOptions options,
                     std::function<bool(const Assignment&)> on_assignment,
                     std::function<void(Status)> done) {
  std::make_shared<AssignmentWatch>(client, std::move(ticket_id), std::move(options),
                                    std::move(on_assignment), std::move(done))
      ->Stream();
}

}  // namespace gsh::openmatch
