// Signed requests as a server gets them, and odd ones that someone wants to have signed.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gsh/aws/signer.h"
#include "src/aws/signer/amz_time.h"
#include "src/aws/signer/verify.h"
#include "tests/fuzz/fuzz.h"

namespace {

using gsh::aws::Credentials;
using gsh::aws::RequestVerifier;
using gsh::aws::SigningOptions;
using gsh::aws::SigningRequest;
using gsh::fuzz::Require;

constexpr char kId[] = "AKIDEXAMPLE";
constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

const gsh::WallTime kNow = gsh::aws::ParseAmzTime("20150830T123600Z").value();

RequestVerifier Verifier(const SigningOptions& options) {
  return RequestVerifier({.service = "service",
                          .find_key = [](std::string_view id) -> std::optional<gsh::aws::KnownKey> {
                            if (id != kId) return std::nullopt;
                            return gsh::aws::KnownKey{.secret_access_key = kSecret};
                          },
                          .signing = options});
}

SigningOptions TakeOptions(gsh::fuzz::Input& input) {
  const auto bits = input.Take<std::uint8_t>();
  return {.unsigned_payload = (bits & 1) != 0,
          .normalize_path = (bits & 2) != 0,
          .encode_path_twice = (bits & 4) != 0,
          .content_sha256_header = (bits & 8) != 0};
}

SigningRequest TakeRequest(gsh::fuzz::Input& input) {
  SigningRequest request{.method = input.TakeWord(),
                         .host = input.TakeWord(),
                         .path = input.TakeWord(),
                         .query = input.TakeWord()};
  for (std::size_t i = input.TakeBelow(6); i > 0; --i) {
    std::string name = input.TakeWord();
    request.headers.emplace_back(std::move(name), input.TakeWord());
  }
  request.body = input.Rest();
  return request;
}

bool HasLineEnd(const std::string& text) { return text.find_first_of("\r\n") != text.npos; }

// x-amz-* headers that the caller gave mean something to the server, so they may be wrong.
bool SpeaksForItself(const SigningRequest& request) {
  const auto odd = [](const auto& header) {
    std::string name = header.first.substr(0, 6);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name == "x-amz-" || name == "author";
  };
  return std::ranges::any_of(request.headers, odd);
}

void SignAndVerify(const SigningRequest& request, const SigningOptions& options) {
  const Credentials credentials(kId, kSecret);
  const auto signer = gsh::aws::Signer::Make("us-east-1", "service", options).value();
  const auto added = signer->Sign(request, credentials, kNow);
  if (!added.ok()) {
    Require(added.status().code() == gsh::StatusCode::kInvalidArgument, "a bad request is bad");
    return;
  }
  auto headers = request.headers;
  headers.emplace_back("host", request.host);
  for (const auto& header : *added) {
    Require(!HasLineEnd(header.second), "a header is one line");
    headers.push_back(header);
  }
  Require(!HasLineEnd(request.host + request.path + request.query), "a request line is one line");
  if (SpeaksForItself(request)) return;
  RequestVerifier verifier = Verifier(options);
  Require(
      verifier.Verify({request.method, request.path, request.query, headers, request.body}, kNow)
          .ok(),
      "what was signed is taken");
}

void Verify(gsh::fuzz::Input input, const SigningOptions& options) {
  const SigningRequest request = TakeRequest(input);
  RequestVerifier verifier = Verifier(options);
  const auto verdict = verifier.Verify(
      {request.method, request.path, request.query, request.headers, request.body}, kNow);
  Require(
      verdict.ok() == gsh::aws::AuthErrorName(verdict.error, gsh::aws::Protocol::kQuery).empty(),
      "every refusal has a name");
  Require(verdict.ok() == verdict.message.empty(), "every refusal has a reason");
  Require(verdict.message.find(kSecret) == std::string::npos, "no secret is told");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  const SigningOptions options = TakeOptions(input);
  Verify(input, options);
  SignAndVerify(TakeRequest(input), options);
  return 0;
}
