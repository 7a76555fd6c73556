#include "src/agones_rest/latency/look_up.h"

#include <netdb.h>

#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace gsh::agones_rest {
namespace {

struct Answer {
  std::mutex mutex;
  std::condition_variable_any ready;
  std::optional<StatusOr<SocketAddress>> result;
};

StatusOr<SocketAddress> Resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) return UnavailableError(host + ": " + gai_strerror(error));
  SocketAddress address;
  address.size = found->ai_addrlen;
  std::memcpy(&address.bytes, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return address;
}

}  // namespace

StatusOr<SocketAddress> LookUp(const std::string& host_port, Duration timeout,
                               const std::stop_token& stop) {
  const std::size_t colon = host_port.rfind(':');
  std::string host = host_port.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  const auto answer = std::make_shared<Answer>();
  std::thread([answer, host, port = host_port.substr(colon + 1)] {
    auto result = Resolve(host, port);
    std::lock_guard lock(answer->mutex);
    answer->result.emplace(std::move(result));
    answer->ready.notify_all();
  }).detach();
  std::unique_lock lock(answer->mutex);
  answer->ready.wait_for(lock, stop, timeout, [&] { return answer->result.has_value(); });
  if (answer->result) return *answer->result;
  if (stop.stop_requested()) return CancelledError("the caller gave up");
  return DeadlineExceededError(host + ": the name was not looked up in time");
}

}  // namespace gsh::agones_rest
