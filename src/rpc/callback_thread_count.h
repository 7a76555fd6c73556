// For tests: how many threads gRPC has for callbacks at this moment.
#ifndef GSH_SRC_RPC_CALLBACK_THREAD_COUNT_H_
#define GSH_SRC_RPC_CALLBACK_THREAD_COUNT_H_

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace gsh::rpc {

inline int CallbackThreadCount() {
  int count = 0;
  std::error_code error;  // threads may end meanwhile
  for (std::filesystem::directory_iterator task("/proc/self/task", error), end; task != end;
       task.increment(error)) {
    std::string name;
    std::ifstream(task->path() / "comm") >> name;
    if (name == "nexting_thread") ++count;
  }
  return count;
}

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_CALLBACK_THREAD_COUNT_H_
