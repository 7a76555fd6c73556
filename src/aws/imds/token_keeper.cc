#include "src/aws/imds/token_keeper.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace gsh::aws {
namespace {

constexpr rpc::Method kPutToken{"aws.InstanceMetadata", "PutToken"};
constexpr char kTtlHeader[] = "X-aws-ec2-metadata-token-ttl-seconds";
constexpr std::size_t kLongestToken = 4096;
// After this the service is asked again whether it gives tokens by now.
constexpr std::chrono::minutes kLifeWithoutToken{5};

bool IsToken(std::string_view text) {
  return !text.empty() && text.size() <= kLongestToken &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

std::string NameOf(const Status& status) {
  return status.info() == nullptr ? std::string() : status.info()->name;
}

// Only where the service, or the lack of one, is to blame: not after a 500 or a cancellation.
bool MeansNoTokens(const Status& status) {
  const std::string name = NameOf(status);
  return name == "403" || name == "404" || name == "405" || name == "501" ||
         status.code() == StatusCode::kDeadlineExceeded;
}

}  // namespace

Status DiagnoseNoToken(const Status& status) {
  const std::string name = NameOf(status);
  std::string likely;
  if (name == "403") {
    likely =
        "the metadata service is switched off for this instance, or a proxy stands before it "
        "(a request with X-Forwarded-For gets no token)";
  } else if (name == "404" || name == "405" || name == "501") {
    likely = "what answers gives no tokens, as version 1 of the service (allow_v1 does without)";
  } else if (name == http::kNotSent) {
    likely =
        "nothing answers there: this is no EC2 instance, or a firewall or network policy keeps "
        "the metadata service away";
  } else if (status.code() == StatusCode::kDeadlineExceeded) {
    likely =
        "the token's way back is too long: in a container the instance's hop limit "
        "(HttpPutResponseHopLimit, 1 by default) must be 2 or more";
  }
  ErrorInfo info = status.info() == nullptr ? ErrorInfo{} : *status.info();
  info.name = kNoToken;
  std::string message = "no session token: " + status.message();
  if (!likely.empty()) message += " (likely: " + likely + ")";
  // Nobody may take it for what NotFound says of an answer: that there is no notice, no role.
  const bool not_found = status.code() == StatusCode::kNotFound;
  return Status(not_found ? StatusCode::kFailedPrecondition : status.code(), std::move(message),
                std::move(info));
}

// Of the request for a token: for those who cannot wait until all its attempts have failed.
class TokenKeeper::Watch final : public http::CallHooks {
 public:
  explicit Watch(std::shared_ptr<TokenKeeper> keeper) : keeper_(std::move(keeper)) {}

  void Prepare(std::shared_ptr<http::ClientRequest>, std::function<void(Status)> done) override {
    done(OkStatus());
  }
  Status StatusOf(const http::ClientResponse& answer) override {
    return http::StatusOfResponse(answer);
  }
  void OnFailure(const Status& status, const http::ClientResponse&, rpc::FailedAttempt&) override {
    std::lock_guard lock(keeper_->mutex_);
    keeper_->trouble_ = status;
  }

 private:
  const std::shared_ptr<TokenKeeper> keeper_;
};

void TokenKeeper::GetAsync(Callback done) {
  std::optional<StatusOr<Token>> now;
  {
    std::lock_guard lock(mutex_);
    if (closed_) {
      now.emplace(CancelledError("the client was destroyed"));
    } else if (have_token_ && options_.clock->SteadyNow() < good_until_) {
      now.emplace(token_);
    } else {
      waiting_.push_back(std::move(done));
      if (std::exchange(asking_, true)) return;
      trouble_ = OkStatus();
    }
  }
  if (now) return done(*std::move(now));
  Ask();
}

void TokenKeeper::Reject(std::uint64_t number) {
  std::lock_guard lock(mutex_);
  if (token_.number <= number) have_token_ = false;
}

Status TokenKeeper::Trouble() const {
  std::lock_guard lock(mutex_);
  return trouble_;
}

void TokenKeeper::Ask() {
  auto response = std::make_shared<http::ClientResponse>();
  const SteadyTime asked = options_.clock->SteadyNow();
  http::ClientRequest request{.method = "PUT",
                              .target = options_.path + "/latest/api/token",
                              .headers = {{kTtlHeader, std::to_string(options_.ttl.count())}},
                              .hooks = std::make_shared<Watch>(shared_from_this())};
  client_->Send(kPutToken, std::move(request), response, {.executor = InlineExecutor()},
                [self = shared_from_this(), response, asked](const Status& status) {
                  self->OnAnswer(status, *response, asked);
                });
}

void TokenKeeper::OnAnswer(const Status& status, const http::ClientResponse& response,
                           SteadyTime asked) {
  StatusOr<Token> token = ReadAnswer(status, response);
  std::vector<Callback> waiting;
  {
    std::lock_guard lock(mutex_);
    asking_ = false;
    waiting.swap(waiting_);
    if (token.ok()) {
      token->number = ++issued_;
      token_ = *token;
      have_token_ = true;
      good_until_ = asked + (token->text.empty() ? Duration(kLifeWithoutToken) : LifeOf(response));
    }
  }
  for (const Callback& done : waiting) done(token);
}

StatusOr<TokenKeeper::Token> TokenKeeper::ReadAnswer(const Status& status,
                                                     const http::ClientResponse& response) const {
  if (!status.ok()) {
    if (options_.allow_v1 && MeansNoTokens(status)) return Token{};
    return DiagnoseNoToken(status);
  }
  if (!IsToken(response.body)) return DiagnoseNoToken(InternalError("what came is no token"));
  return Token{.text = response.body};
}

Duration TokenKeeper::LifeOf(const http::ClientResponse& response) const {
  std::int64_t seconds = options_.ttl.count();
  if (const std::string* said = http::FindHeader(response.headers, kTtlHeader)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(said->data(), said->data() + said->size(), number);
    if (error == std::errc() && number >= 0) seconds = std::min(seconds, number);
  }
  // The last tenth, at most two minutes, is left unused.
  const Duration life = std::chrono::seconds(seconds);
  return life - std::min<Duration>(life / 10, std::chrono::minutes(2));
}

void TokenKeeper::Close() {
  std::unique_ptr<http::Client> client;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  client.swap(client_);
}

}  // namespace gsh::aws
