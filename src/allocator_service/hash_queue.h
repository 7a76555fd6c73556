// HashQueue: the one thread that hashes passwords, with a bounded line in front of it, so that at
// most one core hashes and nobody else waits for it.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_HASH_QUEUE_H_
#define GSH_SRC_ALLOCATOR_SERVICE_HASH_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "src/allocator_service/password.h"

namespace gsh::allocator_service {

class HashQueue {
 public:
  using Job = std::function<void(PasswordChecker&)>;

  explicit HashQueue(std::size_t places);
  ~HashQueue();  // runs what waits

  // Runs `job` later on the thread; false, and never, when the line is full.
  bool Push(Job job);
  std::size_t waiting() const;

 private:
  void Run();

  const std::size_t places_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> line_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_HASH_QUEUE_H_
