#include "src/http/client/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "src/http/client/core.h"
#include "src/http/client/send_call.h"
#include "src/http/client/stream_call.h"
#include "src/rpc/common/pause_call.h"

namespace gsh::http {
namespace {

class ClientImpl final : public Client {
 public:
  explicit ClientImpl(std::shared_ptr<ClientCore> core) : core_(std::move(core)) {}
  ~ClientImpl() override {
    gone_.request_stop();
    core_->registry.Close();
  }

  void Send(const rpc::Method& method, ClientRequest request,
            std::shared_ptr<ClientResponse> response, CallOptions options,
            DoneCallback done) override {
    const rpc::CallRegistry::Frame frame(core_->registry);
    std::make_shared<SendCall>(core_, method, std::move(request), std::move(response),
                               std::move(options), std::move(done))
        ->Start();
  }

  void Stream(const rpc::Method& method, ClientRequest request,
              std::shared_ptr<ClientResponse> response, StreamCall::OnChunk on_chunk,
              CallOptions options, DoneCallback done) override {
    const rpc::CallRegistry::Frame frame(core_->registry);
    std::make_shared<StreamCall>(core_, method, std::move(request), std::move(response),
                                 std::move(on_chunk), std::move(options), std::move(done))
        ->Start();
  }

  rpc::RetryDecision DecideRetry(const rpc::Method& method, const Status& status, int attempts,
                                 std::optional<Duration> remaining) override {
    const rpc::RetryDecision decision =
        core_->Decide(status, {.may_repeat = method.idempotency == rpc::Idempotency::kIdempotent,
                               .attempts = attempts,
                               .remaining = remaining});
    if (decision.delay) {
      ReportRetry(*core_, status, {.method = method, .attempts = attempts}, *decision.delay);
    }
    return decision;
  }

  void Pause(Duration delay, CallOptions options, DoneCallback done) override {
    const rpc::CallRegistry::Frame frame(core_->registry);
    std::make_shared<rpc::PauseCall>(core_, std::move(options), std::move(done))->Start(delay);
  }

  std::stop_token gone() const override { return gone_.get_token(); }
  const ClientOptions& options() const override { return core_->options; }

 private:
  const std::shared_ptr<ClientCore> core_;
  std::stop_source gone_;
};

// Not quoted in the error: it may have a password.
Status CheckProxy(const std::string& proxy) {
  if (proxy.empty()) return OkStatus();
  constexpr std::array<std::string_view, 6> kSchemes = {"http",    "https",  "socks4",
                                                        "socks4a", "socks5", "socks5h"};
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  char* scheme = nullptr;
  const bool parsed = curl_url_set(url.get(), CURLUPART_URL, proxy.c_str(),
                                   CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) == CURLUE_OK &&
                      curl_url_get(url.get(), CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK;
  const std::unique_ptr<char, decltype(&curl_free)> text(scheme, &curl_free);
  if (parsed && std::ranges::find(kSchemes, std::string_view(scheme)) != kSchemes.end()) {
    return OkStatus();
  }
  return InvalidArgumentError(
      "proxy must be a URL of http, https, socks4, socks4a, socks5 or socks5h");
}

}  // namespace

StatusOr<std::unique_ptr<Client>> Client::Make(ClientOptions options, ClientTraits traits) {
  if (Status status = rpc::CheckClientOptions(options); !status.ok()) return status;
  if (traits.connect_timeout <= Duration(0)) {
    return InvalidArgumentError("connect_timeout must be positive");
  }
  if (Status status = CheckProxy(traits.proxy); !status.ok()) return status;
  rpc::FillDefaults(options);
  auto tls = rpc::TlsSource::Make(options);
  if (!tls.ok()) return InvalidArgumentError(tls.status().message()).WithContext("tls");
  return std::unique_ptr<Client>(std::make_unique<ClientImpl>(
      std::make_shared<ClientCore>(std::move(options), std::move(traits), *std::move(tls))));
}

}  // namespace gsh::http
