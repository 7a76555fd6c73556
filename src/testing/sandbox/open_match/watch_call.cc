#include "src/testing/sandbox/open_match/watch_call.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <utility>

#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/faults/suffer.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;
using When = SandboxFault::When;

// Map entries in order, so that equal messages have equal bytes.
std::string CanonicalBytes(const wire::Assignment& assignment) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  assignment.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

bool SameAssignment(const AssignmentRef& a, const AssignmentRef& b) {
  if (a == b || a == nullptr || b == nullptr) return a == b;
  return CanonicalBytes(*a) == CanonicalBytes(*b);
}

}  // namespace

WatchCall::WatchCall(std::shared_ptr<const Engine> engine, std::string ticket_id)
    : engine_(std::move(engine)), ticket_id_(std::move(ticket_id)) {}

WatchCall* WatchCall::Start(std::shared_ptr<const Engine> engine, std::string ticket_id) {
  const std::shared_ptr<WatchCall> call(new WatchCall(std::move(engine), std::move(ticket_id)));
  call->self_ = call;
  Suffer(call->engine_->faults, call->engine_->clock, "WatchAssignments", When::kBefore,
         [call](const Status& fault) {
           if (fault.ok()) return call->Begin();
           std::lock_guard lock(call->mutex_);
           call->End(rpc::ToGrpc(fault));
         });
  return call.get();
}

void WatchCall::Begin() {
  {
    std::lock_guard lock(mutex_);
    if (ended_) return;
    // Through the executor: who assigns 100,000 tickets does not wait for as many streams.
    watch_ = engine_->tickets->Watch(ticket_id_,
                                     [weak = weak_from_this(), executor = engine_->executor] {
                                       executor->Post([weak] {
                                         if (const auto call = weak.lock()) call->Check();
                                       });
                                     });
  }
  Check();
}

void WatchCall::Check() {
  std::lock_guard lock(mutex_);
  if (ended_ || writing_) return;  // OnWriteDone looks again
  const std::optional<AssignedTicket> ticket = engine_->tickets->Get(ticket_id_);
  if (!ticket) {
    return End({grpc::StatusCode::NOT_FOUND, "there is no ticket " + ticket_id_});
  }
  if (SameAssignment(ticket->assignment, sent_)) return;
  sent_ = ticket->assignment;
  *response_.mutable_assignment() = *sent_;
  writing_ = true;
  StartWrite(&response_);
}

void WatchCall::OnWriteDone(bool ok) {
  {
    std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok || cancelled_) return End(grpc::Status::CANCELLED);
  }
  Suffer(engine_->faults, engine_->clock, "WatchAssignments", When::kAfter,
         [call = shared_from_this()](const Status& fault) {
           if (fault.ok()) return call->Check();
           std::lock_guard lock(call->mutex_);
           call->End(rpc::ToGrpc(fault));
         });
}

void WatchCall::OnCancel() {
  std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (!writing_) End(grpc::Status::CANCELLED);  // else OnWriteDone, even if the write succeeds
}

void WatchCall::OnDone() {
  engine_->tickets->Unwatch(ticket_id_, watch_);
  const std::shared_ptr<WatchCall> last = std::move(self_);
}

void WatchCall::End(const grpc::Status& status) {
  if (!std::exchange(ended_, true)) Finish(status);
}

}  // namespace gsh::sandbox
