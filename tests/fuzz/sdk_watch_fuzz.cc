// What a side-car's HTTP watch sends, in pieces of any size.
#include "src/agones_rest/sdk_json.h"
#include "src/http/client/line_cutter.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  constexpr std::size_t kMaxLine = 512;
  gsh::fuzz::Input input(data, size);
  const std::size_t piece = 1 + input.TakeBelow(64);
  const std::string_view body = input.Rest();

  std::string lines;
  gsh::http::LineCutter cutter(kMaxLine);
  bool more = true;
  for (std::size_t at = 0; at < body.size() && more; at += piece) {
    more = cutter.Add(body.substr(at, piece), [&](std::string_view line) {
      Require(line.size() <= kMaxLine, "a line is bounded");
      Require(line.find('\n') == line.npos, "a line is one line");
      lines.append(line).append("\n");
      const auto server = gsh::agones_rest::ReadWatchLine(line);
      Require(server.ok() || !server.status().message().empty(), "an error says why");
      return true;
    });
  }
  Require(more != cutter.overflow(), "only a line that is too long ends the reading");

  std::string at_once;
  gsh::http::LineCutter whole(kMaxLine);
  whole.Add(body, [&](std::string_view line) {
    at_once.append(line).append("\n");
    return true;
  });
  Require(at_once == lines, "where the pieces begin makes no difference");
  return 0;
}
