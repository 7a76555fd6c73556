// PumpedCall: a call whose answer comes in many elements, in one attempt.
#ifndef GSH_SRC_RPC_COMMON_PUMPED_CALL_H_
#define GSH_SRC_RPC_COMMON_PUMPED_CALL_H_

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "src/rpc/common/call_base.h"

namespace gsh::rpc {

// The transport puts elements into a queue; a pump on the executor, one at a time, takes them out
// and gives them to the caller. When the queue is full the transport pauses, so that a slow reader
// holds the server back.
template <typename Element>
class PumpedCall : public CallBase {
 public:
  void Abandon() final {
    bool busy = false;
    Status result = Abandoned();
    {
      std::lock_guard lock(mutex_);
      abandoned_ = true;
      busy = giving_;
      if (result_ && queue_.empty()) result = *result_;
    }
    Cancel();
    if (busy) return;  // the pump goes on when the caller's code returns
    RunDone(std::move(result), RunsWhenAbandoned());
  }

 protected:
  PumpedCall(std::shared_ptr<ClientBase> base, const Method& method, CallOptions options,
             DoneCallback done)
      : CallBase(std::move(base), std::move(options), std::move(done)), method_(method) {}

  // Runs the caller's code, on the executor, without the lock. False: the caller has enough.
  virtual bool Give(Element& element) = 0;
  // The queue of a paused transport has room again.
  virtual void Resume() = 0;
  // Ends the transport's part, which calls End in its time. Entered with the lock, which it gives
  // back before it calls anybody. Once at most.
  virtual void CancelTransport(std::unique_lock<std::mutex> lock) = 0;
  // An element, or null for the result, is about to be given. Entered with the lock.
  virtual void OnTaken(const Element* /*element*/) {}

  // After elements were put into the queue.
  void SchedulePump() {
    {
      std::lock_guard lock(mutex_);
      if (std::exchange(pumping_, true)) return;  // the one that runs looks again before it ends
    }
    if (const Frame frame(base_->registry); frame) Post();
  }

  // What is still in the queue, or comes, is dropped.
  void Cancel() {
    std::unique_lock lock(mutex_);
    if (std::exchange(cancelled_, true)) return;
    CancelTransport(std::move(lock));
  }

  // The call is over; the caller learns it when the queue is empty. In a frame.
  void End(Status result, RetryStop stop) {
    const CallReport report{.method = method_, .attempts = 1, .elapsed = Elapsed(), .stop = stop};
    if (!result.ok()) result = Describe(*base_, result, report);
    ReportCall(*base_, result, report);
    {
      std::lock_guard lock(mutex_);
      result_ = std::move(result);
    }
    SchedulePump();
  }

  const Method method_;

  // Guarded by mutex_.
  std::deque<Element> queue_;
  bool paused_ = false;     // the transport waits for Resume
  bool cancelled_ = false;  // by whomever: elements are dropped
  bool refused_ = false;    // the caller had enough

 private:
  void OnExecutor() final {  // the pump
    for (;;) {
      std::optional<Element> element;
      std::optional<Status> result;
      bool resume = false;
      {
        std::lock_guard lock(mutex_);
        if (cancelled_) queue_.clear();
        if (queue_.empty()) {
          pumping_ = false;
          result = result_;
        } else {
          element = std::move(queue_.front());
          queue_.pop_front();
          giving_ = true;
          resume = std::exchange(paused_, false);
        }
        if (element || result) OnTaken(element ? &*element : nullptr);
      }
      if (result) return RunDone(*std::move(result), true);
      if (!element) return;
      if (resume) Resume();
      if (!GiveToCaller(*element)) return;
    }
  }

  // False when the client was destroyed meanwhile.
  bool GiveToCaller(Element& element) {
    const bool more = Give(element);
    bool abandoned = false;
    {
      std::lock_guard lock(mutex_);
      giving_ = false;
      abandoned = abandoned_;
      refused_ = refused_ || !more;
    }
    if (abandoned) RunDone(Abandoned(), RunsWhenAbandoned());
    if (!abandoned && !more) Cancel();
    return !abandoned;
  }

  void RunDone(Status result, bool run) {
    const DoneCallback done = Claim();
    if (!done) return;
    Remove();
    if (run) done(std::move(result));
  }

  // Guarded by mutex_.
  bool pumping_ = false;  // a pump is posted or runs
  bool giving_ = false;   // the caller's code runs
  bool abandoned_ = false;
  std::optional<Status> result_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_PUMPED_CALL_H_
