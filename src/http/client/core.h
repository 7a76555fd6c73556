// What all calls of one HTTP client share.
#ifndef GSH_SRC_HTTP_CLIENT_CORE_H_
#define GSH_SRC_HTTP_CLIENT_CORE_H_

#include <memory>
#include <optional>
#include <utility>

#include "src/http/client/client.h"
#include "src/http/client/curl_loop.h"
#include "src/http/client/transfer.h"
#include "src/rpc/common/client_base.h"

namespace gsh::http {

struct ClientCore : rpc::ClientBase {
  ClientCore(ClientOptions given, ClientTraits client_traits,
             std::unique_ptr<rpc::TlsSource> source)
      : ClientBase(std::move(given), client_traits.retry),
        traits(std::move(client_traits)),
        tls(std::move(source)),
        loop(CurlLoop::Get()) {}

  Status StatusOf(const ClientResponse& response) const {
    return traits.status_of ? traits.status_of(response) : StatusOfResponse(response);
  }
  // All that the options say of one attempt; `remaining` empty: no limit.
  TransferRequest ToTransfer(ClientRequest request, bool repeatable,
                             std::optional<Duration> remaining) const;

  const ClientTraits traits;
  const std::unique_ptr<rpc::TlsSource> tls;
  const std::shared_ptr<CurlLoop> loop;
};

// InvalidArgument for what could be read as another request than was meant: line breaks in a
// header, blanks in the target.
Status CheckRequest(const ClientRequest& request);

// Why no answer came.
Status StatusOfEnd(const TransferEnd& end);

// The server's wish in Retry-After, in seconds or as a date (RFC 9110, section 10.2.3).
std::optional<rpc::PushBack> PushBackOf(const ClientResponse& response, WallTime now);

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_CORE_H_
