// SigV4Sign: signing a request of 1 KB, against the bare hashes that it cannot do without.
#include <benchmark/benchmark.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>

#include "benchmarks/statistics.h"
#include "gsh/aws/signer.h"
#include "src/aws/signer/amz_time.h"
#include "src/aws/signer/canonical_request.h"
#include "src/aws/signer/prepare.h"

namespace gsh::benchmarks {
namespace {

constexpr int kRounds = 301;
constexpr int kCalls = 200;  // a round: less than a millisecond, so that some are not interrupted

struct Subject {
  aws::SigningRequest request = {.method = "POST",
                                 .host = "gamelift.eu-west-1.amazonaws.com",
                                 .headers = {{"content-type", "application/x-amz-json-1.1"},
                                             {"x-amz-target", "GameLift.UpdateGameServer"}},
                                 .body = std::string(1024, 'x')};
  aws::Credentials credentials =
      aws::Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  WallTime time = aws::ParseAmzTime("20261122T120000Z").value();
};

// SHA-256 of body and canonical request and HMAC-SHA256 of the string to sign, with everything
// prepared that can be: digest and MAC fetched, contexts used again, the signing key in its place.
class BareHashes {
 public:
  BareHashes(const Subject& subject, std::string canonical_request, std::string string_to_sign)
      : body_(subject.request.body),
        canonical_request_(std::move(canonical_request)),
        string_to_sign_(std::move(string_to_sign)) {
    constexpr std::array<unsigned char, 32> kKey{1, 2, 3};
    char name[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end()};
    EVP_MAC_init(mac_context_, kKey.data(), kKey.size(), parameters);
  }
  ~BareHashes() {
    EVP_MAC_CTX_free(mac_context_);
    EVP_MAC_free(mac_);
    EVP_MD_CTX_free(digest_context_);
    EVP_MD_free(digest_);
  }

  void Run() {
    Digest(body_);
    Digest(canonical_request_);
    std::size_t size = 0;
    EVP_MAC_init(mac_context_, nullptr, 0, nullptr);
    EVP_MAC_update(mac_context_, reinterpret_cast<const unsigned char*>(string_to_sign_.data()),
                   string_to_sign_.size());
    EVP_MAC_final(mac_context_, out_.data(), &size, out_.size());
    benchmark::DoNotOptimize(out_);
  }

 private:
  void Digest(const std::string& data) {
    EVP_DigestInit_ex2(digest_context_, digest_, nullptr);
    EVP_DigestUpdate(digest_context_, data.data(), data.size());
    EVP_DigestFinal_ex(digest_context_, out_.data(), nullptr);
    benchmark::DoNotOptimize(out_);
  }

  EVP_MD* const digest_ = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* const digest_context_ = EVP_MD_CTX_new();
  EVP_MAC* const mac_ = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* const mac_context_ = EVP_MAC_CTX_new(mac_);
  const std::string body_, canonical_request_, string_to_sign_;
  std::array<unsigned char, 32> out_{};
};

// Both by turns; the least of many rounds on each side, which other work disturbs least.
// Counters: vs_hash_floor, sign_ns / floor_ns.
void Measure(benchmark::State& state, const Subject& subject) {
  auto signer = aws::Signer::Make("eu-west-1", "gamelift");
  const auto prepared = aws::PrepareHeaders(subject.request, subject.credentials, {}, subject.time);
  if (!signer.ok() || !prepared.ok()) return state.SkipWithError("the request is not signable");
  const aws::CredentialScope scope{prepared->time.date(), "eu-west-1", "gamelift"};
  const std::optional<std::string> text =
      aws::MakeStringToSign(prepared->time, scope, prepared->canonical.text);
  BareHashes bare(subject, prepared->canonical.text, text.value_or(""));
  const auto sign = [&] {
    auto headers = (*signer)->Sign(subject.request, subject.credentials, subject.time);
    benchmark::DoNotOptimize(headers);
    if (!headers.ok()) std::abort();
  };
  double sign_s = std::numeric_limits<double>::max();
  double floor_s = sign_s;
  for (auto _ : state) {
    for (int round = 0; round < kRounds; ++round) {
      floor_s = std::min(floor_s, TimeOf([&] {
                           for (int i = 0; i < kCalls; ++i) bare.Run();
                         }));
      sign_s = std::min(sign_s, TimeOf([&] {
                          for (int i = 0; i < kCalls; ++i) sign();
                        }));
    }
    state.SetIterationTime(sign_s / kCalls);
  }
  state.counters["vs_hash_floor"] = sign_s / floor_s;
  state.counters["sign_ns"] = sign_s / kCalls * 1e9;
  state.counters["floor_ns"] = floor_s / kCalls * 1e9;
}

void SigV4Sign(benchmark::State& state) { Measure(state, Subject{}); }
BENCHMARK(SigV4Sign)->UseManualTime()->Iterations(1)->Unit(benchmark::kNanosecond);

// With the session token that an instance's role has.
void SigV4SignSession(benchmark::State& state) {
  Subject subject;
  subject.credentials.session_token = std::string(600, 'A');
  Measure(state, subject);
}
BENCHMARK(SigV4SignSession)->UseManualTime()->Iterations(1)->Unit(benchmark::kNanosecond);

}  // namespace
}  // namespace gsh::benchmarks
