// Executor: on whose thread callbacks run.
#ifndef GSH_EXECUTOR_H_
#define GSH_EXECUTOR_H_

#include <cstddef>
#include <functional>
#include <memory>

#include "gsh/export.h"

namespace gsh {

class GSH_EXPORT Executor {
 public:
  virtual ~Executor() = default;
  // Runs `fn` later (or, for InlineExecutor, now). Never throws away `fn` unrun but in its own
  // destructor.
  virtual void Post(std::function<void()> fn) = 0;
};

// `threads` threads (0: as many as the machine has cores). The destructor runs what was posted,
// then joins; it may run on one of the pool's own threads.
GSH_EXPORT std::shared_ptr<Executor> MakeThreadPool(int threads = 0);

// The pool that clients share when their options name no executor; lives as long as the process.
GSH_EXPORT std::shared_ptr<Executor> DefaultExecutor();

// Runs each function at once on the calling thread (a transport's own). For callbacks that only
// hand something on and never block.
GSH_EXPORT std::shared_ptr<Executor> InlineExecutor();

// Callbacks wait until the owner calls RunPending(), for example in each tick of a game.
class GSH_EXPORT ManualExecutor final : public Executor {
 public:
  ManualExecutor();
  ~ManualExecutor() override;  // what is still waiting is destroyed unrun
  void Post(std::function<void()> fn) override;
  // Runs what is waiting now (not what those functions post); returns how many ran.
  std::size_t RunPending();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gsh

#endif  // GSH_EXECUTOR_H_
