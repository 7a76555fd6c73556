#include "src/server_wrapper/wrapper.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "gsh/executor.h"
#include "src/game_session/game_session.h"
#include "src/process/process.h"
#include "src/server_wrapper/child_output.h"
#include "src/server_wrapper/line_matcher.h"
#include "src/server_wrapper/roster.h"

namespace gsh::server_wrapper {
namespace {

using game_session::GameSession;
using process::Process;

// Does the profile tell when somebody comes? Without that nobody can be missed.
bool SeesPlayers(const Profile& profile) {
  return !profile.joined.empty() || !profile.count.empty();
}

class Wrapper {
 public:
  Wrapper(agones::GameServerSdk& sdk, const WrapperOptions& options, LineMatcher matcher,
          std::stop_token stop)
      : sdk_(sdk),
        options_(options),
        matcher_(std::move(matcher)),
        stop_(std::move(stop)),
        session_(sdk,
                 {.player_tracking = options.player_tracking,
                  .player_capacity = options.player_capacity,
                  .first_player_timeout =
                      SeesPlayers(options.profile) ? options.first_player_timeout : Duration{0},
                  .log = options.log},
                 gone_.get_token(), [this] { Wake([this] { over_ = true; }); }) {}

  StatusOr<int> Run() {
    sdk_.StartHealth(std::chrono::seconds(2));
    if (Status started = StartServer(); !started.ok()) return started;
    const int wait_status = WaitForEnd();
    gone_.request_stop();
    output_->Finish();
    events_.reset();  // runs what the last lines said
    session_.Terminate();
    const bool our_failure = !failure_.ok() && failure_.code() != StatusCode::kCancelled;
    if (terminated_ && our_failure) return failure_;
    return ExitCode(wait_status);
  }

 private:
  Status StartServer() {
    auto output = ChildOutput::Open(options_.profile.terminal);
    if (!output.ok()) return output.status();
    output_ = *std::move(output);
    // A terminal stays ours: who reads it in the background would be stopped.
    const int input = isatty(STDIN_FILENO) != 0 ? -1 : STDIN_FILENO;
    auto started = Process::Start({.argv = options_.command,
                                   .input = input,
                                   .output = output_->output(),
                                   .error = output_->error()},
                                  [this](int status) { Wake([&] { wait_status_ = status; }); });
    if (!started.ok()) return started.status();
    server_ = *std::move(started);
    if (options_.profile.ready.empty()) BeginSession();
    output_->Follow([this](std::string_view line) { OnLine(line); });
    return OkStatus();
  }

  void OnLine(std::string_view line) {
    const LineNews news = matcher_.Match(line);
    if (news.ready) BeginSession();
    std::vector<RosterChange> changes;
    {
      std::lock_guard lock(mutex_);
      changes = roster_.Apply(news);
      for (RosterChange& change : changes) Post(std::move(change));
    }
    if (news.empty && !SeesPlayers(options_.profile)) {
      events_->Post([this] { session_.End("the server is empty"); });
    }
  }

  void Post(RosterChange change) {
    events_->Post([this, change = std::move(change)] {
      if (!in_session_) {
        NoteEarly(change);
      } else if (change.joined) {
        session_.PlayerJoined(change.player);
      } else {
        session_.PlayerLeft(change.player, change.remaining);
      }
    });
  }

  // Who is there before Agones knows of the server.
  void NoteEarly(const RosterChange& change) {
    if (change.joined) {
      early_.push_back(change.player);
    } else {
      std::erase(early_, change.player);
    }
  }

  // Once. Runs before all events that come later.
  void BeginSession() {
    if (begun_.exchange(true)) return;
    events_->Post([this] {
      const Status started = session_.Start();
      if (!started.ok()) return Wake([&] { failure_ = started; });
      in_session_ = true;
      for (const std::string& player : early_) session_.PlayerJoined(player);
      if (options_.on_ready) options_.on_ready();
    });
  }

  // The server's wait status, once it has ended for whatever reason.
  int WaitForEnd() {
    const std::stop_callback on_stop(stop_, [this] {
      gone_.request_stop();
      Wake([this] { over_ = true; });
    });
    std::unique_lock lock(mutex_);
    const auto ended = [this] { return wait_status_.has_value(); };
    changed_.wait(lock, [&] { return ended() || over_ || !failure_.ok(); });
    if (!ended()) {
      lock.unlock();
      server_->Terminate();
      lock.lock();
      terminated_ = true;
      if (!changed_.wait_for(lock, options_.stop_timeout, ended)) {
        Log(options_.log, LogLevel::kWarning, "the server does not end, so it is killed");
        lock.unlock();
        server_->Kill();
        lock.lock();
        changed_.wait(lock, ended);
      }
    }
    return *wait_status_;
  }

  int ExitCode(int wait_status) const {
    if (!WIFSIGNALED(wait_status)) return WEXITSTATUS(wait_status);
    if (terminated_ && WTERMSIG(wait_status) == SIGTERM) return 0;
    return 128 + WTERMSIG(wait_status);
  }

  template <typename Change>
  void Wake(Change change) {
    std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }

  agones::GameServerSdk& sdk_;
  const WrapperOptions& options_;
  const LineMatcher matcher_;
  const std::stop_token stop_;
  std::stop_source gone_;  // asked for by SIGTERM, or when the server has ended

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<int> wait_status_;
  bool over_ = false;
  bool terminated_ = false;
  Status failure_;
  Roster roster_;
  std::atomic<bool> begun_ = false;
  bool in_session_ = false;         // on the events' thread only, as is the next
  std::vector<std::string> early_;  // players
  GameSession session_;
  std::unique_ptr<ChildOutput> output_;
  std::unique_ptr<Process> server_;
  // One thread, so that what the log says is told to Agones in its order.
  std::shared_ptr<Executor> events_ = MakeThreadPool(1);
};

}  // namespace

StatusOr<int> RunWrapped(agones::GameServerSdk& sdk, const WrapperOptions& options,
                         std::stop_token stop) {
  if (options.command.empty()) return InvalidArgumentError("no command to run");
  StatusOr<LineMatcher> matcher = LineMatcher::Make(options.profile);
  if (!matcher.ok()) return matcher.status();
  return Wrapper(sdk, options, *std::move(matcher), std::move(stop)).Run();
}

}  // namespace gsh::server_wrapper
