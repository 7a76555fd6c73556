// Allocation requests and answers as JSON.
#include "src/proto/json/agones_json.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  namespace json = gsh::wire_json;
  const std::string text(gsh::fuzz::TextOf(data, size));
  for (const std::string_view message : {json::kAllocationRequest, json::kAllocationResponse}) {
    // Bytes that are no message, or whose texts are no UTF-8, may be refused.
    (void)json::ToJson(message, text, json::Defaults::kWritten);
    const auto bytes = json::FromJson(message, text);
    if (!bytes.ok()) continue;
    const auto again = json::ToJson(message, *bytes, json::Defaults::kLeftOut);
    Require(again.ok(), "what was read can be written");
    const auto reread = json::FromJson(message, *again);
    Require(reread.ok(), "what was written can be read");
  }
  return 0;
}
