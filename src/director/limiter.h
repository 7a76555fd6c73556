// Limiter: so many jobs at a time, the others wait in line.
#ifndef GSH_SRC_DIRECTOR_LIMITER_H_
#define GSH_SRC_DIRECTOR_LIMITER_H_

#include <cstddef>
#include <functional>
#include <memory>

namespace gsh::director {

// An asynchronous semaphore. Jobs start on whichever thread makes room for them; a job that ends at
// once does not deepen the stack.
class Limiter {
 public:
  // Granted: the job holds a place until Release(). Not granted: the limiter was closed.
  using Job = std::function<void(bool granted)>;

  explicit Limiter(std::size_t places);

  void Acquire(Job job);
  void Release();
  // Refuses those in line, and all that come later.
  void Close();

  std::size_t waiting() const;
  std::size_t in_flight() const;

 private:
  struct State;
  // Shared with the loop that starts jobs, for the last job may destroy this object.
  std::shared_ptr<State> state_;
};

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_LIMITER_H_
