#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "src/aws/credentials/source.h"

namespace gsh::aws {
namespace {

struct Work {
  std::shared_ptr<const BlockingFetch> fetch;
  std::stop_token stop;
  std::stop_source own;
  CredentialSource::Done done;
  std::thread last;  // it has called back, but may still be at it: we wait for that, not who asks

  void Run() {
    if (last.joinable()) last.join();
    StatusOr<Fetched> result = Fetch();
    fetch = nullptr;  // `done` may be the end of the source, and of what the fetch uses
    std::exchange(done, nullptr)(std::move(result));
  }

  StatusOr<Fetched> Fetch() {
    // Either asks it to stop.
    const std::stop_callback forward(stop, [this] { own.request_stop(); });
    return (*fetch)(own.get_token());
  }
};

class ThreadSource final : public CredentialSource {
 public:
  explicit ThreadSource(BlockingFetch fetch)
      : fetch_(std::make_shared<const BlockingFetch>(std::move(fetch))) {}
  ~ThreadSource() override {
    stop_.request_stop();
    DetachIfOwn();
    if (thread_.joinable()) thread_.join();
  }

  void FetchAsync(std::stop_token stop, Done done) override {
    DetachIfOwn();
    stop_ = std::stop_source();
    const auto work = std::make_shared<Work>(
        Work{fetch_, std::move(stop), stop_, std::move(done), std::move(thread_)});
    try {
      thread_ = std::thread([work] { work->Run(); });
    } catch (const std::system_error& error) {
      thread_ = std::move(work->last);
      work->done(
          ResourceExhaustedError(std::string("no thread to ask for credentials: ") + error.what()));
    }
  }

 private:
  // A callback may ask again or destroy the provider: its thread holds all that it still needs.
  void DetachIfOwn() {
    if (thread_.get_id() == std::this_thread::get_id()) thread_.detach();
  }

  const std::shared_ptr<const BlockingFetch> fetch_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<CredentialSource> MakeThreadSource(BlockingFetch fetch) {
  return std::make_unique<ThreadSource>(std::move(fetch));
}

StatusOr<std::shared_ptr<CredentialsProvider>> MakeCachedCredentials(
    FetchCredentials fetch, CredentialCacheOptions options) {
  if (!fetch) return InvalidArgumentError("MakeCachedCredentials: no fetch function");
  auto source = MakeThreadSource([fetch = std::move(fetch)](std::stop_token stop) {
    StatusOr<Credentials> got = fetch(std::move(stop));
    if (!got.ok()) return StatusOr<Fetched>(got.status());
    return StatusOr<Fetched>(Fetched{.credentials = *std::move(got)});
  });
  return MakeCachedProvider(std::move(source), std::move(options));
}

}  // namespace gsh::aws
