#include "src/agones_rest/health_posts.h"

#include <mutex>
#include <stop_token>
#include <utility>

#include "src/agones/sdk_methods.h"

namespace gsh::agones_rest {
namespace {

class HealthPosts final : public agones::HealthLine,
                          public std::enable_shared_from_this<HealthPosts> {
 public:
  HealthPosts(http::Client& client, agones::HealthEvents events)
      : client_(client), events_(std::move(events)) {}

  bool Ping() override {
    {
      std::lock_guard lock(mutex_);
      if (std::exchange(pinging_, true)) return false;
    }
    // An empty body gets a 400.
    http::ClientRequest request{
        .method = "POST",
        .target = "/health",
        .headers = {{"Content-Type", "application/json"}},
        .body = "{}",
    };
    client_.Send(agones::sdk::kHealth, std::move(request), std::make_shared<http::ClientResponse>(),
                 CallOptions{.stop = stop_.get_token(), .executor = InlineExecutor()},
                 [self = shared_from_this()](Status status) { self->OnPinged(std::move(status)); });
    return true;
  }

  void Close() override { stop_.request_stop(); }

 private:
  void OnPinged(Status status) {
    if (!status.ok()) return events_.closed(std::move(status));
    {
      std::lock_guard lock(mutex_);
      pinging_ = false;
    }
    events_.pinged();
  }

  http::Client& client_;
  const agones::HealthEvents events_;
  std::stop_source stop_;
  std::mutex mutex_;
  bool pinging_ = false;
};

}  // namespace

std::shared_ptr<agones::HealthLine> OpenHealthPosts(http::Client& client,
                                                    agones::HealthEvents events) {
  return std::make_shared<HealthPosts>(client, std::move(events));
}

}  // namespace gsh::agones_rest
