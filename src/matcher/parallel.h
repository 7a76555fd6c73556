#ifndef GSH_SRC_MATCHER_PARALLEL_H_
#define GSH_SRC_MATCHER_PARALLEL_H_

#include <algorithm>
#include <cstddef>
#include <functional>

namespace gsh::matcher {

// Calls work(0) ... work(workers - 1) at once, each on a thread of its own, the first on the
// caller's, and waits for all. Where the system has no more threads, one thread does several.
void InParallel(int workers, const std::function<void(int)>& work);

// A thread's part of `count` things, in order.
struct Part {
  Part(std::size_t count, int parts, int part)
      : begin(count * static_cast<std::size_t>(part) / static_cast<std::size_t>(parts)),
        end(count * (static_cast<std::size_t>(part) + 1) / static_cast<std::size_t>(parts)) {}

  std::size_t begin;
  std::size_t end;
};

// How many threads are worth having for so many tickets.
inline int UsefulThreads(int threads, std::size_t tickets) {
  constexpr std::size_t kTicketsAThread = 16'384;
  const std::size_t most = tickets / kTicketsAThread + 1;
  return static_cast<int>(std::min(static_cast<std::size_t>(std::clamp(threads, 1, 256)), most));
}

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_PARALLEL_H_
