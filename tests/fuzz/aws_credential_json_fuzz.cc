// Credentials as JSON, from processes and containers: what could be sent as it is, or a short
// mistake that quotes nothing.
#include "src/aws/credentials/credential_json.h"
#include "tests/fuzz/fuzz.h"

namespace {

void Check(const gsh::StatusOr<gsh::aws::Credentials>& read) {
  using gsh::fuzz::Require;
  if (!read.ok()) {
    Require(read.status().code() == gsh::StatusCode::kInvalidArgument, "a mistake");
    Require(read.status().message().size() < 80, "that is one of ours");
    return;
  }
  Require(gsh::aws::CheckCredentials(*read).ok(), "credentials are usable");
  for (const std::string* text : {&read->access_key_id, &read->secret_access_key}) {
    Require(!text->empty() && text->find_first_of(" \r\n") == text->npos, "keys are one word");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = gsh::fuzz::TextOf(data, size);
  Check(gsh::aws::ParseProcessCredentials(text));
  const auto container = gsh::aws::ParseContainerCredentials(text);
  Check(container);
  if (container.ok()) {
    gsh::fuzz::Require(container->expiration && !container->session_token.empty(),
                       "a container's credentials have a token and an end");
  }
  gsh::aws::ParseExpiration(text);
  return 0;
}
