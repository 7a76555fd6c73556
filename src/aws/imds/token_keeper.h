// TokenKeeper: the session token that every request to the metadata service carries.
#ifndef GSH_SRC_AWS_IMDS_TOKEN_KEEPER_H_
#define GSH_SRC_AWS_IMDS_TOKEN_KEEPER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/clock.h"
#include "gsh/status.h"
#include "src/http/client/client.h"

namespace gsh::aws {

// ErrorInfo::name of a request that was not sent, for want of a token.
inline constexpr std::string_view kNoToken = "NO_TOKEN";

// One request for a token at a time, however many wait for it.
class TokenKeeper : public std::enable_shared_from_this<TokenKeeper> {
 public:
  struct Options {
    std::string path = {};  // before "/latest"
    std::chrono::seconds ttl{21600};
    bool allow_v1 = false;  // no token where the service gives none
    Clock* clock = nullptr;
  };
  struct Token {
    std::string text = {};     // empty: go without one
    std::uint64_t number = 0;  // counts the tokens of this keeper
  };
  using Callback = std::function<void(StatusOr<Token>)>;

  TokenKeeper(Options options, std::unique_ptr<http::Client> client)
      : options_(std::move(options)), client_(std::move(client)) {}

  // `done` may run at once, or on the client's thread. An error says what is likely wrong.
  void GetAsync(Callback done);
  // The service has refused a token: it, and those before it, are not used again.
  void Reject(std::uint64_t number);
  // Why the newest attempt to get a token failed, of the request under way or the last one; OK:
  // none did.
  Status Trouble() const;
  // Nobody will ask again: those who wait are told so.
  void Close();

 private:
  class Watch;

  void Ask();
  void OnAnswer(const Status& status, const http::ClientResponse& response, SteadyTime asked);
  StatusOr<Token> ReadAnswer(const Status& status, const http::ClientResponse& response) const;
  // How long the token may be used, as the service says.
  Duration LifeOf(const http::ClientResponse& response) const;

  const Options options_;
  std::unique_ptr<http::Client> client_;  // null when closed; only Close changes it

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  Token token_;
  bool have_token_ = false;
  SteadyTime good_until_;
  std::uint64_t issued_ = 0;
  bool asking_ = false;
  Status trouble_;
  bool closed_ = false;
  std::vector<Callback> waiting_;
};

// What a failed request for a token most likely means.
Status DiagnoseNoToken(const Status& status);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_IMDS_TOKEN_KEEPER_H_
