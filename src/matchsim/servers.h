// A region's game servers.
#ifndef GSH_SRC_MATCHSIM_SERVERS_H_
#define GSH_SRC_MATCHSIM_SERVERS_H_

#include <algorithm>
#include <cstddef>
#include <functional>
#include <queue>
#include <vector>

namespace gsh::matchsim {

class Servers {
 public:
  // 0: as many as are asked for.
  explicit Servers(std::size_t count) : count_(count) {}

  // Ends the matches that are over at `now_s`.
  void Advance(double now_s) {
    while (!ends_.empty() && ends_.top() <= now_s) ends_.pop();
  }
  // False if all are busy.
  bool Start(double end_s) {
    if (count_ != 0 && ends_.size() >= count_) return false;
    ends_.push(end_s);
    peak_ = std::max(peak_, ends_.size());
    return true;
  }
  std::size_t busy() const { return ends_.size(); }
  std::size_t peak() const { return peak_; }  // most busy ones so far

 private:
  std::size_t count_;
  std::size_t peak_ = 0;
  std::priority_queue<double, std::vector<double>, std::greater<>> ends_;
};

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_SERVERS_H_
