// LastCounts: which counts are news, so that a log shows the first nothing but not every one.
#ifndef GSH_SRC_SERVICE_LAST_COUNTS_H_
#define GSH_SRC_SERVICE_LAST_COUNTS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace gsh::service {

// May be used from several threads.
class LastCounts {
 public:
  // Something always is news; nothing is when it was not nothing before, or not known.
  bool IsNews(std::string_view name, std::size_t count) {
    const std::lock_guard lock(mutex_);
    if (last_.size() >= kMaxNames && !last_.contains(name)) last_.clear();
    const auto [known, is_new] = last_.try_emplace(std::string(name), count);
    const std::size_t before = std::exchange(known->second, count);
    return is_new || count != 0 || before != 0;
  }

 private:
  static constexpr std::size_t kMaxNames = 10'000;  // they may come from outside

  std::mutex mutex_;
  std::map<std::string, std::size_t, std::less<>> last_;
};

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_LAST_COUNTS_H_
