#include "src/http/message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>
#include <optional>
#include <string>

#include "src/http/url.h"

namespace gsh::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

std::size_t Count(const beast::http::request_header<>& header, field name) {
  return header.count(name);
}

bool AllowedFromHandler(const std::pair<std::string, std::string>& header) {
  constexpr std::array<std::string_view, 3> kOurs = {"Content-Length", "Transfer-Encoding",
                                                     "Connection"};
  const auto& [name, value] = header;
  // A line break would start a header, or a response, of its own.
  const bool splits = (name + value).find_first_of(std::string_view("\r\n\0", 3)) != name.npos;
  return !name.empty() && name.find_first_of(" :") == name.npos && !splits &&
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

beast::http::response<beast::http::string_body> ToBeast(Response response, unsigned version,
                                                        bool keep_alive, bool head) {
  const bool valid = response.code >= 200 && response.code <= 599;
  beast::http::response<beast::http::string_body> message;
  message.version(version);
  message.result(valid ? static_cast<unsigned>(response.code) : 500u);
  message.set(field::date, HttpDate());
  const auto unsafe = std::remove_if(response.headers.begin(), response.headers.end(),
                                     [](const auto& h) { return !AllowedFromHandler(h); });
  response.headers.erase(unsafe, response.headers.end());
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  message.keep_alive(keep_alive);
  if (message.result_int() == 204 || message.result_int() == 304) return message;
  if (AllowedFromHandler({"Content-Type", response.content_type})) {
    message.set(field::content_type, response.content_type);
  }
  message.content_length(response.body.size());
  if (!head) message.body() = std::move(response.body);
  return message;
}

}  // namespace gsh::http
