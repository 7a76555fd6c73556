// PagedStream: a server stream that writes one page after the other, each made when the one before
// it is on its way.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_PAGED_STREAM_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_PAGED_STREAM_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "gsh/clock.h"
#include "gsh/executor.h"
#include "gsh/status.h"
#include "src/rpc/status_conversion.h"
#include "src/testing/sandbox/faults/fault_injector.h"
#include "src/testing/sandbox/faults/suffer.h"
#include "src/testing/sandbox/faults/unary_call.h"

namespace gsh::sandbox {

template <typename Message>
class PagedStream final : public grpc::ServerWriteReactor<Message>,
                          public std::enable_shared_from_this<PagedStream<Message>> {
 public:
  using NextPage = std::function<bool(Message*)>;  // false: that was all
  using Prepare = std::function<StatusOr<NextPage>()>;

  // `prepare` does the work, on `executor`; faults of `method` come before and after.
  static PagedStream* Start(FaultInjector& faults, Clock& clock, std::shared_ptr<Executor> executor,
                            std::string method, Prepare prepare) {
    const std::shared_ptr<PagedStream> stream(
        new PagedStream(faults, clock, std::move(executor), std::move(method), std::move(prepare)));
    stream->self_ = stream;
    Suffer(faults, clock, stream->method_, SandboxFault::When::kBefore,
           [stream](const Status& fault) {
             if (!fault.ok()) return stream->End(fault);
             stream->executor_->Post([stream] { stream->Begin(); });
           });
    return stream.get();
  }

  void OnWriteDone(bool ok) override {
    {
      std::lock_guard lock(mutex_);
      cancelled_ = cancelled_ || !ok;
    }
    WriteNext();
  }

  void OnCancel() override {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (!busy_) EndLocked(grpc::Status::CANCELLED);
  }

  void OnDone() override { const std::shared_ptr<PagedStream> last = std::move(self_); }

 private:
  PagedStream(FaultInjector& faults, Clock& clock, std::shared_ptr<Executor> executor,
              std::string method, Prepare prepare)
      : faults_(faults),
        clock_(clock),
        executor_(std::move(executor)),
        method_(std::move(method)),
        prepare_(std::move(prepare)) {}

  void Begin() {
    {
      std::lock_guard lock(mutex_);
      if (ended_) return;
      busy_ = true;
    }
    StatusOr<NextPage> next = prepare_();
    if (!next.ok()) return End(next.status());
    next_ = *std::move(next);
    WriteNext();
  }

  void WriteNext() {
    Message page;
    const bool more = next_(&page);
    std::unique_lock lock(mutex_);
    if (cancelled_) return EndLocked(grpc::Status::CANCELLED);
    if (more) {
      page_ = std::move(page);
      this->StartWrite(&page_);  // never calls back inline
      return;
    }
    busy_ = false;
    lock.unlock();
    Suffer(faults_, clock_, method_, SandboxFault::When::kAfter,
           [stream = this->shared_from_this()](const Status& fault) { stream->End(fault); });
  }

  void End(const Status& status) {
    std::lock_guard lock(mutex_);
    EndLocked(rpc::ToGrpc(status));
  }

  void EndLocked(const grpc::Status& status) {
    if (!std::exchange(ended_, true)) this->Finish(status);
  }

  FaultInjector& faults_;
  Clock& clock_;
  const std::shared_ptr<Executor> executor_;
  const std::string method_;
  const Prepare prepare_;
  NextPage next_;
  std::shared_ptr<PagedStream> self_;  // until OnDone
  std::mutex mutex_;
  Message page_;       // being written
  bool busy_ = false;  // working or writing: a cancellation only leaves a note
  bool cancelled_ = false;
  bool ended_ = false;
};

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_PAGED_STREAM_H_
