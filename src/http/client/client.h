// The one place where HTTP requests are made: kept connections over libcurl, certificates read
// again when they change, deadline, retry with budget, cancellation, metrics, logging, callbacks on
// the executor, clean destruction: to HTTP what src/rpc/client.h is to gRPC. Internal.
#ifndef GSH_SRC_HTTP_CLIENT_CLIENT_H_
#define GSH_SRC_HTTP_CLIENT_CLIENT_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "gsh/options.h"
#include "gsh/status.h"
#include "src/http/client/headers.h"
#include "src/rpc/common/client_base.h"
#include "src/rpc/common/method.h"
#include "src/rpc/common/retry.h"
#include "src/rpc/common/tls_material.h"

namespace gsh::http {

class CallHooks;

struct ClientRequest {
  std::string method = "GET";
  std::string target = "/";  // path and query, percent-encoded
  Headers headers = {};      // further ones; never Host or Content-Length
  std::string body = {};
  // "host:port" in place of the client's; for hooks that learn late where a call goes.
  std::string endpoint = {};
  // Of each attempt, in place of the traits' and counted as those are; 0: those.
  Duration attempt_timeout{0};
  std::shared_ptr<CallHooks> hooks = {};  // null: what the traits say
};

struct ClientResponse {
  int code = 0;
  Headers headers = {};
  std::string body = {};
};

// For calls whose attempts must know of each other: in place of traits.prepare and .status_of, for
// one call of Send. Called by one attempt at a time, on any thread; must not block.
class CallHooks {
 public:
  virtual ~CallHooks() = default;
  virtual void Prepare(std::shared_ptr<ClientRequest> request,
                       std::function<void(Status)> done) = 0;
  virtual Status StatusOf(const ClientResponse& response) = 0;
  // What is known of a failed attempt beyond the retry rules; `answer` has code 0 if none came.
  virtual void OnFailure(const Status& status, const ClientResponse& answer,
                         rpc::FailedAttempt& failed) = 0;
};

struct ClientTraits {
  // Called before each attempt, to add what may be new each time (a token, a signature), on a
  // copy of the request. `done` may run at once or later, on any thread; an error ends the attempt.
  // Must not block. Null: nothing to add.
  using Prepare =
      std::function<void(std::shared_ptr<ClientRequest> request, std::function<void(Status)> done)>;
  Prepare prepare = {};
  // Asked for each attempt in place of the files in options.tls; null material: the system's roots.
  std::function<std::shared_ptr<const rpc::TlsMaterial>()> tls = {};
  // What an answer means. Null: StatusOfResponse.
  std::function<Status(const ClientResponse&)> status_of = {};
  rpc::RetryRules retry = {};
  std::string proxy = {};               // a URL; empty: none
  bool proxy_from_environment = false;  // http_proxy, https_proxy, no_proxy, if `proxy` is empty
  Duration connect_timeout = std::chrono::seconds(5);  // with the TLS handshake
  // Of each attempt of Send, connecting included: DeadlineExceeded, which is_transient may take for
  // a reason to try again. In whole milliseconds, rounded up. 0: as long as the call has.
  Duration attempt_timeout{0};
};

// OK for 2xx; else a code for the HTTP code, which is in ErrorInfo::name ("503"), and the start of
// the body in the message.
Status StatusOfResponse(const ClientResponse& response);
// The code alone: 404 is NotFound, 429 ResourceExhausted, 503 Unavailable ...
StatusCode CodeOfHttp(int http_code);
// ErrorInfo::name of failures before which nothing was sent.
inline constexpr std::string_view kNotSent = "NOT_SENT";

// To one endpoint. HTTP/1.1, TLS 1.2 at least; redirects are not followed, bodies not decompressed.
// A body of more than options.max_message_bytes, and headers of more than 64 KiB, are errors.
class Client {
 public:
  // options.endpoint is "host:port"; https unless options.tls.insecure.
  static StatusOr<std::unique_ptr<Client>> Make(ClientOptions options, ClientTraits traits = {});
  // As rpc::Client's: cancels what is in flight, and may be called from a callback.
  virtual ~Client() = default;

  using DoneCallback = std::function<void(Status)>;

  // `response` belongs to the caller's shared state and is complete when `done` runs: of a failed
  // call it is the last answer, if any came (code 0: none). `done` runs exactly once on the call's
  // executor. A method that is not idempotent is sent once, unless it surely did not happen.
  virtual void Send(const rpc::Method& method, ClientRequest request,
                    std::shared_ptr<ClientResponse> response, CallOptions options,
                    DoneCallback done) = 0;

  // An answer that is read as it comes; one attempt. `on_chunk` runs in order, one at a time, on
  // the call's executor: once with nothing when a 2xx's headers are there (and in `response`), then
  // for each piece of the body, and returns false to end the call (then `done` gets OK). The body
  // of any other answer is put into `response`. A slow `on_chunk` holds the server back.
  virtual void Stream(const rpc::Method& method, ClientRequest request,
                      std::shared_ptr<ClientResponse> response,
                      std::function<bool(std::string_view)> on_chunk, CallOptions options,
                      DoneCallback done) = 0;

  // As rpc::Client's.
  virtual rpc::RetryDecision DecideRetry(const rpc::Method& method, const Status& status,
                                         int attempts, std::optional<Duration> remaining) = 0;
  virtual void Pause(Duration delay, CallOptions options, DoneCallback done) = 0;
  virtual std::stop_token gone() const = 0;
  virtual const ClientOptions& options() const = 0;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_CLIENT_H_
