// What holds for every request: what was signed is taken, and no signed part can be changed.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gsh/aws/signer.h"
#include "src/aws/signer/amz_time.h"
#include "src/aws/signer/verify.h"
#include "src/http/client/headers.h"
#include "src/http/client/percent_encode.h"

namespace gsh::aws {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The same requests in every run; RC_PARAMS of the environment has the last word.
const bool kSeeded = ::setenv("RC_PARAMS", "seed=20261122 max_success=400", 0) == 0;

constexpr char kId[] = "AKIDEXAMPLE";

std::string Text(const std::string& characters, std::size_t least, std::size_t most) {
  const std::size_t size = *rc::gen::inRange(least, most + 1);
  return *rc::gen::container<std::string>(size, rc::gen::elementOf(characters));
}

std::string Letters(std::size_t least, std::size_t most) { return Text("abcXYZ019", least, most); }

std::string Bytes(std::size_t most) {
  return *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(0, most + 1),
                                          rc::gen::arbitrary<char>());
}

// No dot segments: in them a change can be one that nobody sees.
std::string AnyPath() {
  std::string path;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) path += "/x" + http::PercentEncode(Bytes(6));
  return path.empty() ? "/" : path;
}

std::string AnyQuery() {
  std::string query;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    if (!query.empty()) query += '&';
    query += http::PercentEncode("k" + Bytes(4)) + '=' + http::PercentEncode(Bytes(6));
  }
  return query;
}

Headers AnyHeaders() {
  Headers headers;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    headers.emplace_back("X-" + Letters(1, 4), Text("abc  \t,;\"\xc3\xa9", 0, 12));
  }
  return headers;
}

// A request on its way, signed at one of both places.
struct Sent {
  std::string method, path, query, body;
  Headers headers;
};

class Journey {
 public:
  Journey()
      : request_{.method = *rc::gen::elementOf(std::vector<std::string>{"GET", "POST", "DELETE"}),
                 .host = *rc::gen::elementOf(std::vector<std::string>{"a.example", "[::1]:4566"}),
                 .path = AnyPath(),
                 .query = AnyQuery(),
                 .headers = AnyHeaders(),
                 .body = Bytes(40)},
        options_{.normalize_path = *rc::gen::arbitrary<bool>(),
                 .encode_path_twice = *rc::gen::arbitrary<bool>(),
                 .content_sha256_header = *rc::gen::arbitrary<bool>()},
        key_{.secret_access_key = Letters(1, 50), .session_token = Letters(0, 50)},
        presigned_(*rc::gen::arbitrary<bool>()) {}

  Sent Send() const {
    const Credentials credentials(kId, key_.secret_access_key, key_.session_token);
    const auto signer = Signer::Make("eu-west-1", "sqs", options_).value();
    Sent sent{request_.method, request_.path, request_.query, request_.body, request_.headers};
    sent.headers.emplace_back("Host", request_.host);
    if (presigned_) {
      const std::string url =
          signer->Presign(request_, credentials, time_, std::chrono::hours(1)).value();
      sent.query = url.substr(url.find('?') + 1);
    } else {
      Headers added = signer->Sign(request_, credentials, time_).value();
      sent.headers.insert(sent.headers.end(), added.begin(), added.end());
    }
    return sent;
  }

  AuthVerdict Arrive(const Sent& sent) const {
    RequestVerifier verifier({.service = "sqs",
                              .find_key = [this](auto) { return std::optional(key_); },
                              .signing = options_});
    return verifier.Verify({sent.method, sent.path, sent.query, sent.headers, sent.body},
                           time_ + std::chrono::minutes(1));
  }

  bool presigned() const { return presigned_; }

 private:
  SigningRequest request_;
  SigningOptions options_;
  KnownKey key_;
  bool presigned_;
  WallTime time_ = ParseAmzTime("20261122T120000Z").value();
};

RC_GTEST_PROP(SignedRequests, AreTaken, ()) {
  const Journey journey;
  const AuthVerdict verdict = journey.Arrive(journey.Send());
  RC_ASSERT(verdict.message == "");
  RC_ASSERT(verdict.presigned == journey.presigned());
}

std::size_t AnyPlace(const std::string& text, std::size_t from = 0) {
  return *rc::gen::inRange(from, text.size() + 1);
}

// One more letter somewhere, which no rule of the signature takes out again.
void Grow(std::string& text, std::size_t from = 0) { text.insert(AnyPlace(text, from), "x"); }

void ChangeSomeHeader(Sent& sent) {
  const std::size_t i = *rc::gen::inRange<std::size_t>(0, sent.headers.size());
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      Grow(sent.headers[i].second);
      break;
    case 1:
      sent.headers.erase(sent.headers.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    default: {
      auto again = sent.headers[i];
      sent.headers.push_back(std::move(again));
    }
  }
}

RC_GTEST_PROP(SignedRequests, CannotBeChanged, ()) {
  const Journey journey;
  Sent sent = journey.Send();
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      Grow(sent.method);
      break;
    case 1:
      Grow(sent.path, 1);
      break;
    case 2:
      if (sent.query.empty()) {
        sent.query = "x";
      } else {
        Grow(sent.query);
      }
      break;
    case 3:
      Grow(sent.body);
      break;
    default:
      ChangeSomeHeader(sent);
  }
  RC_ASSERT(!journey.Arrive(sent).ok());
}

}  // namespace
}  // namespace gsh::aws
