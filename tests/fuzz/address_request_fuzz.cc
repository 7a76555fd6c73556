// What a client of the allocator service may send: Authorization, X-Forwarded-For and a query.
#include <algorithm>
#include <string>

#include "src/allocator_service/address_query.h"
#include "src/allocator_service/basic_auth.h"
#include "src/allocator_service/client_address.h"
#include "src/allocator_service/password.h"
#include "tests/fuzz/fuzz.h"

namespace gsh::allocator_service {
namespace {

using fuzz::Require;

void CheckLogin(const std::string& header) {
  const auto login = ParseBasicAuth(header);
  if (!login) return;
  Require(!login->name.empty() && login->name.size() <= 255, "names are bounded");
  Require(login->name.find(':') == std::string::npos, "a name ends at the first colon");
  Require(login->password.size() <= kMaxPasswordBytes, "passwords are bounded");
  Require((login->name + login->password).find('\0') == std::string::npos, "no zero bytes");
}

void CheckClient(const std::string& forwarded) {
  static const std::vector<Network> kTrusted = {*Network::Parse("10.0.0.0/8"),
                                                *Network::Parse("2001:db8::/32")};
  const std::string client = ClientOf("10.0.0.1:4000", forwarded, kTrusted);
  const std::string address = client.substr(0, client.find('/'));
  Require(ParseIp(address).has_value(), "a client is an address");
  Require(ClientOf("192.0.2.1:4000", forwarded, kTrusted) == "192.0.2.1",
          "who is not trusted speaks for nobody");
}

void CheckQuery(const std::string& query) {
  const Selection selection{.fleet = "fleet", .labels = {{"mode", "duel"}}};
  const auto request = RequestFor(selection, query);
  if (!request.ok()) {
    Require(request.status().code() == StatusCode::kInvalidArgument, "bad queries are refused");
    return;
  }
  Require(request->selectors.size() == 1, "one selector");
  const agones::Labels& labels = request->selectors[0].match_labels;
  Require(labels.at("agones.dev/fleet") == "fleet" && labels.at("mode") == "duel",
          "no query leaves the selection");
  for (const auto& [key, value] : labels) {
    Require(!key.empty() && key.size() <= 253 + 64 && value.size() <= 63, "labels are bounded");
    Require(std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c <= '~'; }),
            "values are plain");
  }
}

}  // namespace
}  // namespace gsh::allocator_service

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gsh::fuzz::Input input(data, size);
  gsh::allocator_service::CheckLogin(input.TakeWord());
  gsh::allocator_service::CheckClient(input.TakeWord());
  gsh::allocator_service::CheckQuery(std::string(input.Rest()));
  return 0;
}
