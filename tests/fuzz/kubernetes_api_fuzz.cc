// What an API server, or a proxy before it, answers: errors, lists, the lines of a watch, leases'
// times, addresses.
#include <vector>

#include "gsh/kubernetes/client.h"
#include "gsh/kubernetes/objects.h"
#include "src/http/client/line_cutter.h"
#include "src/kubernetes/api_status.h"
#include "src/kubernetes/common/micro_time.h"
#include "src/kubernetes/server_url.h"
#include "src/kubernetes/watch_lines.h"
#include "tests/fuzz/fuzz.h"

namespace gsh::kubernetes {
namespace {

using fuzz::Require;

void CheckErrors(std::string_view text) {
  for (const int code : {400, 404, 409, 410, 429, 500, 503}) {
    const Status status = StatusOfAnswer(code, text);
    Require(!status.ok(), "an error is an error");
    Require(status.message().size() < 5000, "a message is bounded");
    Require(status.message().find('\n') == std::string::npos, "a message is one line");
  }
  Require(!StatusOfObject(text).ok(), "an ERROR event is an error");
}

void CheckLines(std::string_view text, std::size_t cut) {
  // However the text is cut into chunks, the lines are the same.
  std::vector<std::string> whole;
  std::vector<std::string> parts;
  const auto keep = [](std::vector<std::string>& lines) {
    return [&lines](std::string_view line) { return lines.emplace_back(line), true; };
  };
  http::LineCutter one(1u << 20);
  Require(one.Add(text, keep(whole)) && !one.overflow(), "short lines fit");
  http::LineCutter two(1u << 20);
  two.Add(text.substr(0, cut), keep(parts));
  two.Add(text.substr(cut), keep(parts));
  Require(whole == parts, "chunks do not matter");
  http::LineCutter tight(8);
  tight.Add(text, [](std::string_view line) { return Require(line.size() <= 8, "bound"), true; });
  for (const std::string& line : whole) {
    const auto event = ParseWatchLine(line);
    if (event.ok()) Require(event->object.starts_with('{'), "an event has an object");
  }
}

}  // namespace
}  // namespace gsh::kubernetes

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  using namespace gsh::kubernetes;
  const std::string_view text = gsh::fuzz::TextOf(data, size);
  CheckErrors(text);
  CheckLines(text, size / 2);
  if (const auto page = ParsePage(text); page.ok()) {
    for (const std::string& item : page->items) {
      static_cast<void>(ParseGameServer(item));
      static_cast<void>(ParseFleet(item));
      static_cast<void>(ParseAllocationPolicy(item));
    }
  }
  if (const auto time = ParseTime(text)) {
    Require(ParseTime(FormatMicroTime(*time)).has_value(), "what is written can be read");
  }
  if (const auto url = ParseServerUrl(text); url.ok()) {
    Require(url->endpoint.find_first_of("/@ ") == std::string::npos,
            "an endpoint is host and port");
    Require(url->path.empty() || url->path.starts_with('/'), "a path begins with a slash");
  }
  return 0;
}
