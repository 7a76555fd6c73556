// What a metadata service, or whoever answers in its place, says.
#include "src/aws/imds/answers.h"
#include "src/aws/imds/endpoint.h"
#include "tests/fuzz/fuzz.h"

namespace gsh::aws {
namespace {

using fuzz::Require;

// Errors are one bounded line, and quote no secret.
void CheckError(const Status& status) {
  if (status.ok()) return;
  Require(status.message().size() < 1000, "a message is bounded");
}

void CheckCredentials(std::string_view text) {
  const auto credentials = ParseIamCredentials(text);
  CheckError(credentials.status());
  if (!credentials.ok()) return;
  Require(!credentials->secret_access_key.empty() && credentials->expiration.has_value(),
          "credentials are whole");
}

void CheckLines(std::string_view text) {
  if (const auto line = ParseLine(text); line.ok()) {
    Require(!line->empty() && line->find('\n') == std::string::npos, "a line is one line");
  }
  if (const auto lines = ParseLines(text); lines.ok()) {
    for (const std::string& line : *lines) Require(ParseLine(line).ok(), "each line is a line");
  }
}

}  // namespace
}  // namespace gsh::aws

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  using namespace gsh::aws;
  const std::string_view text = gsh::fuzz::TextOf(data, size);
  CheckCredentials(text);
  CheckLines(text);
  if (const auto action = ParseSpotAction(text); action.ok()) {
    Require(!action->action.empty(), "a notice says what happens");
  }
  if (const auto identity = ParseIdentity(text); identity.ok()) {
    Require(!identity->instance_id.empty() && identity->document == text, "a document is kept");
  }
  if (const auto events = ParseScheduledEvents(text); events.ok()) {
    for (const ScheduledEvent& event : *events)
      Require(!event.event_id.empty(), "an event has an id");
  }
  CheckError(ParseRebalance(text).status());
  static_cast<void>(ParseTimeLine(text));
  static_cast<void>(ParseEventTime(text));
  if (const auto endpoint = ParseMetadataUrl(text, false); endpoint.ok() && endpoint->plaintext) {
    const std::string host = endpoint->address.substr(0, endpoint->address.rfind(':'));
    Require(host == "localhost" || host.starts_with("127.") || host == "[::1]" ||
                host == "169.254.169.254" || host == "[fd00:ec2::254]",
            "plaintext stays on the machine");
  }
  return 0;
}
