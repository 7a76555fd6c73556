#include "src/rpc/common/file_watch.h"

#include <utility>

namespace gsh::rpc {

FileWatch::FileWatch(std::vector<std::string> files, SteadyTime now)
    : files_(std::move(files)), next_check_(now + kInterval) {
  std::erase(files_, "");
  stamps_ = Stamps();
}

bool FileWatch::ShouldReload(SteadyTime now) {
  if (now < next_check_) return false;
  next_check_ = now + kInterval;
  std::vector<FileStamp> stamps = Stamps();
  if (stamps == stamps_ && now < retry_at_) return false;
  stamps_ = std::move(stamps);
  return true;
}

std::vector<FileStamp> FileWatch::Stamps() const {
  std::vector<FileStamp> stamps;
  stamps.reserve(files_.size());
  for (const std::string& file : files_) stamps.push_back(StampOf(file));
  return stamps;
}

}  // namespace gsh::rpc
