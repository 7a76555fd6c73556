// What a run asks the query service for: each of its pools, all at once.
#ifndef GSH_SRC_OPENMATCH_POOL_QUERIES_H_
#define GSH_SRC_OPENMATCH_POOL_QUERIES_H_

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gsh/openmatch/types.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::openmatch {

// Queries under way, one for each pool; Element is what they give. May be left without waiting.
template <typename Element>
class PoolQueries {
 public:
  using Done = std::function<void(StatusOr<std::vector<Element>>)>;
  // Begins one pool's query.
  using Begin = std::function<void(const Pool& pool, const CallOptions& call, Done done)>;

  PoolQueries(const std::vector<Pool>& pools, const CallOptions& call, const Begin& begin)
      : answers_(std::make_shared<Answers>()) {
    answers_->missing = pools.size();
    for (const Pool& pool : pools) {
      begin(pool, call, [answers = answers_, name = pool.name](auto elements) {
        answers->Add(name, std::move(elements));
      });
    }
  }

  // Waits for the last answer. Each pool's elements by the pool's name, or the first error.
  StatusOr<std::map<std::string, std::vector<Element>>> Await() {
    std::unique_lock lock(answers_->mutex);
    answers_->all.wait(lock, [&] { return answers_->missing == 0; });
    if (!answers_->failed.ok()) return answers_->failed;
    return std::move(answers_->pools);
  }

 private:
  struct Answers {
    void Add(const std::string& pool, StatusOr<std::vector<Element>> elements) {
      std::lock_guard lock(mutex);
      if (elements.ok()) {
        pools[pool] = std::move(elements).value();
      } else if (failed.ok()) {
        failed = elements.status().WithContext("pool \"" + pool + "\"");
      }
      if (--missing == 0) all.notify_all();
    }

    std::mutex mutex;
    std::condition_variable all;
    std::size_t missing = 0;
    std::map<std::string, std::vector<Element>> pools;
    Status failed;
  };

  const std::shared_ptr<Answers> answers_;
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_POOL_QUERIES_H_
