#include "src/http/client/curl_loop.h"

#include <curl/curl.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace gsh::http {
namespace {

// The thread of a loop that was let go on that thread itself, for its last steps. It must end
// before the process does or not at all: OpenSSL frees what it keeps for a thread when the thread
// ends, and again when the process does.
class LeavingThread {
 public:
  static LeavingThread& Get() {
    static auto& leaving = *new LeavingThread;  // loops may end after static objects
    return leaving;
  }
  // To be called after curl's initialisation, so that OpenSSL's end comes after ours.
  static void WaitAtExit() {
    std::atexit([] { Get().Join(); });
  }

  // On the thread itself.
  void Take(std::thread thread) {
    std::unique_lock lock(mutex_);
    if (exiting_) {
      thread.detach();
      lock.unlock();
      for (;;) pause();
    }
    if (thread_.joinable()) thread_.join();  // the one before, which has nothing left to wait for
    thread_ = std::move(thread);
  }

 private:
  void Join() {
    std::lock_guard lock(mutex_);
    exiting_ = true;
    if (!thread_.joinable()) return;
    // A child of fork() has no such thread, and nobody joins himself.
    if (process_ != getpid() || thread_.get_id() == std::this_thread::get_id()) {
      thread_.detach();
    } else {
      thread_.join();
    }
  }

  const pid_t process_ = getpid();
  std::mutex mutex_;
  bool exiting_ = false;
  std::thread thread_;
};

}  // namespace

class CurlLoop::State {
 public:
  State() : multi_(curl_multi_init()) {}
  ~State() { curl_multi_cleanup(multi_); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void Post(std::function<void()> command) {
    {
      std::lock_guard lock(mutex_);
      commands_.push_back(std::move(command));
    }
    curl_multi_wakeup(multi_);
  }
  void Stop() {
    Post([this] { stopping_ = true; });
  }

  void Add(std::shared_ptr<Transfer> transfer) {
    if (transfer->cancelled()) return transfer->End(CURLE_ABORTED_BY_CALLBACK);
    CURL* easy = transfer->Begin();
    if (easy == nullptr || curl_multi_add_handle(multi_, easy) != CURLM_OK) {
      transfer->End(CURLE_OUT_OF_MEMORY);
      return;
    }
    transfers_.emplace(easy, std::move(transfer));
  }
  void Cancel(const std::shared_ptr<Transfer>& transfer) {
    const auto found = transfers_.find(transfer->easy());
    if (found != transfers_.end()) return End(found, CURLE_ABORTED_BY_CALLBACK);
    transfer->Cancel();  // Add may still come
  }
  void Resume(const std::shared_ptr<Transfer>& transfer) {
    if (transfers_.contains(transfer->easy())) curl_easy_pause(transfer->easy(), CURLPAUSE_CONT);
  }

  void Run() {
    while (!stopping_) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      EndFinished();
      // Curl's own timers shorten the wait.
      if (!RunCommands()) curl_multi_poll(multi_, nullptr, 0, 60'000, nullptr);
    }
    while (!transfers_.empty()) End(transfers_.begin(), CURLE_ABORTED_BY_CALLBACK);
    RunCommands();  // what they hold may go now
  }

 private:
  using Transfers = std::map<CURL*, std::shared_ptr<Transfer>>;

  bool RunCommands() {
    std::vector<std::function<void()>> commands;
    {
      std::lock_guard lock(mutex_);
      commands.swap(commands_);
    }
    for (const auto& command : commands) command();
    return !commands.empty();
  }

  void EndFinished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      const auto found = transfers_.find(message->easy_handle);
      if (found != transfers_.end()) End(found, code);
    }
  }

  void End(Transfers::iterator position, CURLcode code) {
    const std::shared_ptr<Transfer> transfer = std::move(position->second);
    curl_multi_remove_handle(multi_, position->first);
    transfers_.erase(position);
    transfer->End(code);
  }

  CURLM* const multi_;
  std::mutex mutex_;
  std::vector<std::function<void()>> commands_;  // guarded by mutex_
  // The thread's own.
  bool stopping_ = false;
  Transfers transfers_;
};

std::shared_ptr<CurlLoop> CurlLoop::Get() {
  static std::mutex mutex;
  static auto& current = *new std::weak_ptr<CurlLoop>;
  std::lock_guard lock(mutex);
  std::shared_ptr<CurlLoop> loop = current.lock();
  if (loop == nullptr) {
    static const bool kInitialised = [] {
      const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
      LeavingThread::WaitAtExit();
      return code == CURLE_OK;
    }();
    static_cast<void>(kInitialised);
    loop.reset(new CurlLoop);
    current = loop;
  }
  return loop;
}

CurlLoop::CurlLoop()
    : state_(std::make_shared<State>()), thread_([state = state_] { state->Run(); }) {}

CurlLoop::~CurlLoop() {
  state_->Stop();
  if (thread_.get_id() == std::this_thread::get_id()) {
    LeavingThread::Get().Take(std::move(thread_));
  } else {
    thread_.join();
  }
}

void CurlLoop::Add(std::shared_ptr<Transfer> transfer) {
  state_->Post([state = state_.get(), transfer = std::move(transfer)] { state->Add(transfer); });
}

void CurlLoop::Cancel(std::shared_ptr<Transfer> transfer) {
  state_->Post([state = state_.get(), transfer = std::move(transfer)] { state->Cancel(transfer); });
}

void CurlLoop::Resume(std::shared_ptr<Transfer> transfer) {
  state_->Post([state = state_.get(), transfer = std::move(transfer)] { state->Resume(transfer); });
}

}  // namespace gsh::http
