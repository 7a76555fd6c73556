#ifndef GSH_SRC_MATCHER_PARALLEL_H_
#define GSH_SRC_MATCHER_PARALLEL_H_

#include <functional>

namespace gsh::matcher {

// Calls work(0) ... work(workers - 1) at once, each on a thread of its own, the first on the
// caller's, and waits for all. Where the system has no more threads, one thread does several.
void InParallel(int workers, const std::function<void(int)>& work);

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_PARALLEL_H_
