#include "gsh/kubernetes/config.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

#include "src/rpc/common/pem.h"

namespace gsh::kubernetes {
namespace {

constexpr std::chrono::minutes kReread{1};
// Another call may have seen the old token refused after this one saw it replaced.
constexpr std::chrono::seconds kFresh{10};

StatusOr<std::string> ReadToken(const std::string& file) {
  auto text = rpc::ReadPemFile(file);
  if (!text.ok()) return text.status();
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  const bool bad = std::ranges::any_of(*text, [](char c) { return c <= ' ' || c >= 127; });
  if (text->empty() || bad) return InvalidArgumentError(file + ": not one line with a token");
  return text;
}

class TokenFile final : public CredentialSource {
 public:
  TokenFile(std::string file, Clock& clock, std::string token)
      : file_(std::move(file)),
        clock_(clock),
        token_(std::move(token)),
        read_at_(clock.SteadyNow()),
        changed_at_(read_at_ - kFresh) {}

  void GetAsync(std::function<void(StatusOr<Credential>)> done) override {
    Credential credential;
    {
      std::lock_guard lock(mutex_);
      if (clock_.SteadyNow() - read_at_ >= kReread) Read();
      credential.bearer_token = token_;
    }
    done(std::move(credential));
  }

  bool Rejected() override {
    std::lock_guard lock(mutex_);
    Read();
    return clock_.SteadyNow() - changed_at_ < kFresh;
  }

 private:
  // A file that cannot be read keeps the old token, which may still do.
  void Read() {
    read_at_ = clock_.SteadyNow();
    auto token = ReadToken(file_);
    if (!token.ok() || *token == token_) return;
    token_ = *std::move(token);
    changed_at_ = read_at_;
  }

  const std::string file_;
  Clock& clock_;
  std::mutex mutex_;
  std::string token_;
  SteadyTime read_at_;
  SteadyTime changed_at_;
};

class FixedToken final : public CredentialSource {
 public:
  explicit FixedToken(std::string token) : token_(std::move(token)) {}
  void GetAsync(std::function<void(StatusOr<Credential>)> done) override {
    done(Credential{.bearer_token = token_});
  }
  bool Rejected() override { return false; }

 private:
  const std::string token_;
};

}  // namespace

StatusOr<std::shared_ptr<CredentialSource>> MakeTokenFile(std::string file, Clock* clock) {
  auto token = ReadToken(file);
  if (!token.ok()) return token.status();
  return std::shared_ptr<CredentialSource>(std::make_shared<TokenFile>(
      std::move(file), clock != nullptr ? *clock : SystemClock(), *std::move(token)));
}

std::shared_ptr<CredentialSource> MakeToken(std::string token) {
  return std::make_shared<FixedToken>(std::move(token));
}

StatusOr<ClusterConfig> InClusterConfig(const Env& env, const std::string& folder) {
  const std::string host = env.Get("KUBERNETES_SERVICE_HOST").value_or("");
  const std::string port = env.Get("KUBERNETES_SERVICE_PORT").value_or("");
  if (host.empty() || port.empty()) {
    return Status(StatusCode::kFailedPrecondition,
                  "not in a pod: KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set");
  }
  auto credentials = MakeTokenFile(folder + "/token");
  if (!credentials.ok()) return credentials.status();
  ClusterConfig config;
  const bool bare_ipv6 = host.find(':') != host.npos && !host.starts_with('[');
  config.server = "https://" + (bare_ipv6 ? "[" + host + "]" : host) + ":" + port;
  config.ca_file = folder + "/ca.crt";
  config.credentials = *std::move(credentials);
  if (auto ns = ReadToken(folder + "/namespace"); ns.ok()) config.ns = *std::move(ns);
  return config;
}

}  // namespace gsh::kubernetes
