// FileWatch: have files changed? By stat, at most once a second, without a thread of its own.
#ifndef GSH_SRC_RPC_COMMON_FILE_WATCH_H_
#define GSH_SRC_RPC_COMMON_FILE_WATCH_H_

#include <chrono>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "src/rpc/common/pem.h"

namespace gsh::rpc {

// Not thread-safe: its owner's mutex guards it.
class FileWatch {
 public:
  static constexpr Duration kInterval = std::chrono::seconds(1);
  // Files that were refused are tried again even if they stay the same: a certificate may have
  // become valid.
  static constexpr Duration kRetryInterval = std::chrono::minutes(1);

  // Empty names are left out.
  FileWatch(std::vector<std::string> files, SteadyTime now);

  // True when the files should be read again. Stamps are taken before they are read, so that a
  // change in between is seen the next time.
  bool ShouldReload(SteadyTime now);
  void Refused(SteadyTime now) { retry_at_ = now + kRetryInterval; }
  void Accepted() { retry_at_ = SteadyTime::max(); }

 private:
  std::vector<FileStamp> Stamps() const;

  std::vector<std::string> files_;
  std::vector<FileStamp> stamps_;
  SteadyTime next_check_;
  SteadyTime retry_at_ = SteadyTime::max();
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_FILE_WATCH_H_
