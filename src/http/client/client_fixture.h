// What the tests of the HTTP client share.
#ifndef GSH_SRC_HTTP_CLIENT_CLIENT_FIXTURE_H_
#define GSH_SRC_HTTP_CLIENT_CLIENT_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/core/await.h"
#include "src/http/client/client.h"
#include "src/http/client/raw_server.h"
#include "src/http/server.h"

namespace gsh::http {

inline constexpr rpc::Method kGet{"test", "Get"};
inline constexpr rpc::Method kCreate{"test", "Create", rpc::Idempotency::kOnce};

struct Answer {
  Status status = {};
  ClientResponse response = {};
};

inline Answer Send(Client& client, ClientRequest request, const rpc::Method& method = kGet,
                   CallOptions options = {.timeout = std::chrono::seconds(20)}) {
  auto response = std::make_shared<ClientResponse>();
  Answer answer;
  answer.status = internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    client.Send(method, std::move(request), response, std::move(inner), std::move(done));
  });
  answer.response = *response;
  return answer;
}

// Collects a stream's chunks.
struct Streamed {
  Status status = {};
  ClientResponse response = {};
  std::string body = {};
  int chunks = 0;
};

inline Streamed Stream(Client& client, ClientRequest request,
                       CallOptions options = {.timeout = std::chrono::seconds(20)},
                       const std::function<bool(std::string_view)>& on_chunk = {}) {
  auto response = std::make_shared<ClientResponse>();
  Streamed streamed;
  streamed.status = internal::Await<Status>(std::move(options), [&](CallOptions inner, auto done) {
    client.Stream(
        kGet, std::move(request), response,
        [&](std::string_view chunk) {
          ++streamed.chunks;
          streamed.body.append(chunk);
          return !on_chunk || on_chunk(chunk);
        },
        std::move(inner), std::move(done));
  });
  streamed.response = *response;
  return streamed;
}

inline std::unique_ptr<Client> Make(ClientOptions options, ClientTraits traits = {}) {
  auto client = Client::Make(std::move(options), std::move(traits));
  EXPECT_THAT(client, gsh::testing::IsOk());
  return client.ok() ? *std::move(client) : nullptr;
}

// Plaintext, and no pauses between attempts.
inline ClientOptions OptionsFor(const std::string& endpoint) {
  return {.endpoint = endpoint,
          .tls = {.insecure = true},
          .retry = {.initial_backoff = Duration(0), .max_backoff = Duration(0)}};
}

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_CLIENT_FIXTURE_H_
