#include "src/matcher/parallel.h"

#include <system_error>
#include <thread>
#include <vector>

namespace gsh::matcher {

void InParallel(int workers, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  int started = 1;
  try {
    for (; started < workers; ++started) threads.emplace_back(work, started);
  } catch (const std::system_error&) {  // the only way to learn that there are no more
  }
  work(0);
  for (; started < workers; ++started) work(started);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace gsh::matcher
