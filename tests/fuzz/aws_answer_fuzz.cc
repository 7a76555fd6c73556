// What AWS services, or proxies before them, answer: XML, errors, GameLift's and SQS's structures.
#include <algorithm>
#include <string>

#include "src/aws/client/service_error.h"
#include "src/aws/client/xml.h"
#include "src/aws/gamelift/json.h"
#include "src/aws/sqs/messages.h"
#include "src/rpc/common/base64.h"
#include "tests/fuzz/fuzz.h"

namespace gsh::aws {
namespace {

using fuzz::Require;

std::size_t DepthOf(const XmlElement& element) {
  std::size_t deepest = 0;
  for (const XmlElement& child : element.children) deepest = std::max(deepest, DepthOf(child));
  return deepest + 1;
}

void CheckXml(std::string_view text) {
  const auto root = ParseXml(text);
  if (!root.ok()) return;
  Require(DepthOf(*root) <= kMaxXmlDepth, "the depth is bounded");
  Require(!root->name.empty(), "an element has a name");
  Require(root->text.size() <= text.size(), "nothing expands");
}

void CheckErrors(std::string_view text) {
  for (const int code : {307, 400, 403, 429, 500, 503}) {
    const Status status = StatusOfServiceError({.code = code, .body = std::string(text)});
    Require(!status.ok(), "an error is an error");
    Require(status.message().size() < 1500, "a message is bounded");
    Require(status.message().find_first_of("\r\n\x1b") == std::string::npos,
            "a message is one line without controls");
    Require(status.info()->name.find_first_of(" \n<>") == std::string::npos, "a name is a name");
  }
}

template <typename T>
void CheckGameLift(std::string_view text) {
  const auto read = gamelift::ReadAnswer<T>(text);
  if (!read.ok()) return;
  const std::string again = gamelift::JsonWriter::Write(*read).dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
  Require(gamelift::ReadAnswer<T>(again).ok(), "what is written can be read");
}

}  // namespace
}  // namespace gsh::aws

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gsh::aws;
  const std::string_view text = gsh::fuzz::TextOf(data, size);
  CheckXml(text);
  CheckErrors(text);
  CheckGameLift<gamelift::Result<gamelift::GameServer>>(text);
  CheckGameLift<gamelift::Result<gamelift::GameServerGroup>>(text);
  CheckGameLift<Page<gamelift::GameServer>>(text);
  CheckGameLift<Page<gamelift::GameServerInstance>>(text);
  static_cast<void>(sqs::ReadMessages(text));
  static_cast<void>(sqs::ReadBatch(text, 3));
  if (const auto bytes = gsh::rpc::Base64Decode(text)) {
    gsh::fuzz::Require(gsh::rpc::Base64Encode(*bytes) == text, "there and back");
  }
  return 0;
}
