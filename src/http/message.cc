#include "src/http/message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "src/http/url.h"

namespace gsh::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

std::size_t Count(const beast::http::request_header<>& header, field name) {
  return header.count(name);
}

// A line break would start a header, or a response, of its own; clients refuse the others.
bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool AllowedFromHandler(const std::pair<std::string, std::string>& header) {
  constexpr std::array<std::string_view, 3> kOurs = {"Content-Length", "Transfer-Encoding",
                                                     "Connection"};
  const auto& [name, value] = header;
  return !name.empty() && name.find_first_of(" \t:") == name.npos &&
         std::none_of(name.begin(), name.end(), IsControl) &&
         std::none_of(value.begin(), value.end(), IsControl) &&
         std::none_of(kOurs.begin(), kOurs.end(), [&](std::string_view ours) {
           return beast::iequals(beast::string_view(ours.data(), ours.size()), name);
         });
}

std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm parts = {};
  gmtime_r(&now, &parts);
  std::array<char, 64> text = {};
  return {text.data(),
          std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

unsigned CodeOf(const Response& response) {
  const bool valid = response.code >= 200 && response.code <= 599;
  return valid ? static_cast<unsigned>(response.code) : 500u;
}

void AppendLine(std::string& text, std::string_view before, std::string_view between,
                std::string_view after) {
  text.append(before).append(between).append(after).append("\r\n");
}

}  // namespace

Verdict CheckHeader(const beast::http::request_header<>& header) {
  if (header.version() != 10 && header.version() != 11) return {505, "HTTP/1.1 only"};
  const std::size_t codings = Count(header, field::transfer_encoding);
  const std::size_t lengths = Count(header, field::content_length);
  if (codings > 0) {
    if (header.version() != 11) return {400, "transfer coding in HTTP/1.0"};
    if (codings > 1 || !beast::iequals(header[field::transfer_encoding], "chunked")) {
      return {400, "unknown transfer coding"};
    }
    if (lengths > 0) return {400, "length and transfer coding"};
  }
  const beast::string_view length = header[field::content_length];
  if (lengths > 1 || length.find_first_not_of("0123456789") != beast::string_view::npos) {
    return {400, "not one length"};  // Beast takes "5, 5"
  }
  const std::size_t hosts = Count(header, field::host);
  if (hosts > 1 || (hosts == 0 && header.version() == 11)) return {400, "not one Host"};
  const beast::string_view target = header.target();
  if (!ParseTarget({target.data(), target.size()})) return {400, "bad target"};
  return {};
}

Verdict VerdictOf(beast::error_code error) {
  using Code = beast::http::error;
  if (error == Code::body_limit) return {413, "body too large"};
  if (error == Code::header_limit || error == Code::buffer_overflow) {
    return {431, "header too large"};
  }
  if (error == Code::end_of_stream || error == Code::partial_message) return {0, ""};
  const bool from_parser = error.category() == beast::error_code(Code::bad_method).category();
  return from_parser ? Verdict{400, "bad request"} : Verdict{0, ""};
}

Request ToRequest(beast::http::request_header<>& header, std::string body, std::string peer) {
  Request request;
  request.method = std::string(header.method_string());
  const beast::string_view target = header.target();
  Target parsed = ParseTarget({target.data(), target.size()}).value_or(Target{"/", ""});
  request.path = std::move(parsed.path);
  request.query = std::move(parsed.query);
  for (const auto& line : header) {
    request.headers.emplace_back(std::string(line.name_string()), std::string(line.value()));
  }
  request.body = std::move(body);
  request.peer = std::move(peer);
  return request;
}

std::string HeaderOf(const Response& response, const Framing& framing) {
  const unsigned code = CodeOf(response);
  std::string text = framing.version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  const beast::string_view reason =
      beast::http::obsolete_reason(static_cast<beast::http::status>(code));
  AppendLine(text, std::to_string(code), " ", {reason.data(), reason.size()});
  const auto add = [&](std::string_view name, std::string_view value) {
    AppendLine(text, name, ": ", value);
  };
  add("Date", HttpDate());
  for (const auto& header : response.headers) {
    if (AllowedFromHandler(header)) add(header.first, header.second);
  }
  if (!framing.keep_alive && framing.version == 11) add("Connection", "close");
  if (framing.keep_alive && framing.version == 10) add("Connection", "keep-alive");
  if (HasBody(response)) {
    const std::pair<std::string, std::string> type("Content-Type", response.content_type);
    if (AllowedFromHandler(type)) add(type.first, type.second);
    if (response.stream != nullptr) {
      add("Transfer-Encoding", "chunked");
    } else {
      add("Content-Length", std::to_string(response.body.size()));
    }
  }
  return text += "\r\n";
}

bool HasBody(const Response& response) {
  const unsigned code = CodeOf(response);
  return code != 204 && code != 304;
}

std::string ChunkOf(std::string_view bytes) {
  std::array<char, 16> size = {};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  std::string chunk(size.data(), end);
  return chunk.append("\r\n").append(bytes).append("\r\n");
}

}  // namespace gsh::http
