// CallRegistry: the calls of one client that have not ended, and who is running their code, so that
// the client's destructor can end them all and know when nobody looks at the client any more.
#ifndef GSH_SRC_RPC_COMMON_CALL_REGISTRY_H_
#define GSH_SRC_RPC_COMMON_CALL_REGISTRY_H_

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>

namespace gsh::rpc {

class PendingCall {
 public:
  virtual ~PendingCall() = default;
  // The client goes: stop, and run the callback now on this thread unless it runs already (or
  // destroy it, if its executor is a ManualExecutor).
  virtual void Abandon() = 0;

 private:
  friend class CallRegistry;
  std::list<std::shared_ptr<PendingCall>>::iterator position_;
};

class CallRegistry {
 public:
  CallRegistry() = default;
  CallRegistry(const CallRegistry&) = delete;
  CallRegistry& operator=(const CallRegistry&) = delete;

  // While a Frame is open, what the client points to (log, clock, options) may be used. Every piece
  // of code that a transport, a timer or an executor runs for a call opens one first, and does
  // nothing if that fails.
  class Frame {
   public:
    explicit Frame(CallRegistry& registry);
    ~Frame();
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;
    explicit operator bool() const { return open_; }

   private:
    friend class CallRegistry;
    CallRegistry& registry_;
    Frame* outer_ = nullptr;  // the next one on this thread
    bool open_ = false;
  };

  // False if the client is going: the call was not added.
  bool Add(std::shared_ptr<PendingCall> call);
  void Remove(PendingCall& call);  // harmless after Close
  // Abandons every call, then waits until no other thread is in a frame. Frames of this thread (the
  // client is destroyed from a callback) are not waited for.
  void Close();

 private:
  int FramesOfThisThread() const;

  std::mutex mutex_;
  std::condition_variable left_;
  bool closed_ = false;
  int frames_ = 0;
  std::list<std::shared_ptr<PendingCall>> calls_;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_CALL_REGISTRY_H_
