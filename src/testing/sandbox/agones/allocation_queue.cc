#include "src/testing/sandbox/agones/allocation_queue.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/testing/sandbox/agones/allocation_apply.h"
#include "src/testing/sandbox/agones/allocation_match.h"
#include "src/testing/sandbox/agones/allocation_validation.h"

namespace gsh::sandbox {
namespace {

// After so many requests Agones looks at the cluster anew.
constexpr int kRefreshAfter = 100;

}  // namespace

class AllocationQueue::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(std::shared_ptr<Cluster> cluster, AllocationQueueOptions options)
      : cluster_(std::move(cluster)),
        options_(std::move(options)),
        last_look_(options_.clock->SteadyNow()) {
    if (options_.executor == nullptr) options_.executor = MakeThreadPool(1);
  }

  void Push(Request request, Done done, Expressions expressions) {
    {
      std::unique_lock lock(mutex_);
      if (stopped_) {
        lock.unlock();
        return done(grpc::Status::CANCELLED, {});
      }
      waiting_.push_back({std::move(request), std::move(done), std::move(expressions)});
      if (scheduled_ || serving_) return;
      scheduled_ = true;
    }
    Schedule();
  }

  void Stop() {
    std::deque<Waiting> left;
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
      left.swap(waiting_);
      if (timer_) options_.clock->Cancel(*timer_);
    }
    for (const Waiting& entry : left) entry.done(grpc::Status::CANCELLED, {});
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [&] { return !serving_; });
  }

 private:
  struct Waiting {
    Request request;
    Done done;
    Expressions expressions;
  };

  // The servers as one batch sees them, less those that it took; and its answers. They are given
  // when it ends: Agones answers only after a trip to the API server, so that who is answered and
  // asks again, alone, finds its server Allocated, not missing.
  struct Batch {
    std::vector<GameServerPtr> servers;
    std::string sort_key;
    int served = kRefreshAfter;
    std::vector<std::function<void()>> answers;

    void Answer() {
      for (const auto& answer : std::exchange(answers, {})) answer();
    }
  };

  void Schedule() {
    if (options_.batch_wait > Duration::zero()) return AwaitNextLook();
    PostServe();
  }

  void AwaitNextLook() {
    std::unique_lock lock(mutex_);
    const auto looks = (options_.clock->SteadyNow() - last_look_) / options_.batch_wait;
    const SteadyTime next = last_look_ + (looks + 1) * options_.batch_wait;
    lock.unlock();  // a manual clock runs at once, here, what is due already
    const Clock::TimerId timer = options_.clock->RunAt(next, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->PostServe();
    });
    lock.lock();
    timer_ = timer;
  }

  void PostServe() {
    options_.executor->Post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->ServeAll();
    });
  }

  // Serves also what comes while it is at it.
  void ServeAll() {
    Batch batch;
    std::unique_lock lock(mutex_);
    scheduled_ = false;
    if (serving_ || stopped_) return;
    serving_ = true;
    while (!waiting_.empty()) {
      const Waiting next = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      Serve(next, batch);
      lock.lock();
    }
    last_look_ = options_.clock->SteadyNow();
    lock.unlock();
    batch.Answer();
    lock.lock();
    serving_ = false;
    idle_.notify_all();
    scheduled_ = !waiting_.empty();  // with what came while the answers were given
    const bool more = scheduled_;
    lock.unlock();
    if (more) Schedule();
  }

  void Serve(const Waiting& entry, Batch& batch) {
    const wire_allocation::AllocationRequest& request = *entry.request;
    Refresh(request, batch);
    ++batch.served;
    for (;;) {
      const std::size_t at =
          FindServer(request, entry.expressions.get(), batch.servers, *cluster_, *options_.rng);
      if (at == batch.servers.size()) break;
      const GameServerPtr found = std::move(batch.servers[at]);
      batch.servers.erase(batch.servers.begin() + static_cast<std::ptrdiff_t>(at));
      if (const GameServerPtr allocated = Take(request, *found)) {
        batch.answers.push_back([done = entry.done, answer = AnswerFor(*allocated)] {
          done(grpc::Status::OK, answer);
        });
        return;
      }
    }
    batch.answers.push_back([done = entry.done] {
      done({grpc::StatusCode::RESOURCE_EXHAUSTED, "there is no available GameServer to allocate"},
           {});
    });
  }

  void Refresh(const wire_allocation::AllocationRequest& request, Batch& batch) {
    std::string sort_key = SortKeyOf(request);
    if (batch.served < kRefreshAfter && sort_key == batch.sort_key) return;
    batch.Answer();
    batch.servers.clear();
    for (GameServerPtr& server : cluster_->List()) {
      const bool wanted = server->state == State::kReady || server->state == State::kAllocated;
      if (wanted && !server->BeingDeleted()) batch.servers.push_back(std::move(server));
    }
    SortFor(request, batch.servers);
    batch.sort_key = std::move(sort_key);
    batch.served = 0;
  }

  // Null if somebody changed the server's state since it was listed.
  GameServerPtr Take(const wire_allocation::AllocationRequest& request, const GameServer& found) {
    bool taken = false;
    GameServerPtr server = cluster_->Update(found.name, [&](GameServer& changed) {
      taken = changed.state == found.state && !changed.BeingDeleted();
      if (taken) ApplyAllocation(request, options_.clock->Now(), changed);
      return taken;
    });
    return taken ? server : nullptr;
  }

  const std::shared_ptr<Cluster> cluster_;
  AllocationQueueOptions options_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::deque<Waiting> waiting_;
  SteadyTime last_look_;
  std::optional<Clock::TimerId> timer_;
  bool scheduled_ = false;
  bool serving_ = false;
  bool stopped_ = false;
};

AllocationQueue::AllocationQueue(std::shared_ptr<Cluster> cluster, AllocationQueueOptions options)
    : core_(std::make_shared<Core>(std::move(cluster), std::move(options))) {}

AllocationQueue::~AllocationQueue() { Stop(); }

void AllocationQueue::Stop() { core_->Stop(); }

void AllocationQueue::Submit(Request request, Done done, Expressions expressions) {
  if (const grpc::Status invalid = ValidateAllocation(*request); !invalid.ok())
    return done(invalid, {});
  core_->Push(std::move(request), std::move(done), std::move(expressions));
}

}  // namespace gsh::sandbox
