#include "src/aws/client/service_error.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "src/aws/client/error_names.h"
#include "src/aws/client/xml.h"
#include "src/core/bounded_json.h"

namespace gsh::aws {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxErrorBytes = 64u << 10;
constexpr int kMaxErrorDepth = 16;
constexpr std::size_t kMaxName = 128;
constexpr std::size_t kMaxMessage = 1024;

bool IsIdChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == '=' || c == '+' || c == '/';
}

// An id or a name as it may stand in a log; empty if it is none.
std::string Checked(std::string_view text) {
  if (text.size() > kMaxName || !std::ranges::all_of(text, IsIdChar)) return {};
  return std::string(text);
}

std::string_view Text(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) return {};
  return found->get_ref<const std::string&>();
}

// A few services and most emulators differ in the case of members.
std::string_view FirstText(const json& object, std::initializer_list<const char*> members) {
  for (const char* member : members) {
    if (const std::string_view text = Text(object, member); !text.empty()) return text;
  }
  return {};
}

void ReadJsonError(std::string_view body, ServiceError& error) {
  const auto parsed = internal::ParseBoundedJson(body, kMaxErrorBytes, kMaxErrorDepth);
  if (!parsed.ok() || !parsed->is_object()) return;
  if (error.name.empty())
    error.name = CleanErrorName(FirstText(*parsed, {"__type", "code", "Code"}));
  error.message = CleanErrorMessage(FirstText(*parsed, {"message", "Message", "errorMessage"}));
}

// <ErrorResponse><Error>... of the query protocol, <Response><Errors><Error>... of EC2, and <Error>
// by itself.
void ReadXmlError(std::string_view body, ServiceError& error) {
  const auto root = ParseXml(body);
  if (!root.ok()) return;
  const XmlElement* found = root->Find("Error");
  if (const XmlElement* errors = root->Find("Errors"); found == nullptr && errors != nullptr) {
    found = errors->Find("Error");
  }
  if (found == nullptr && root->name == "Error") found = &*root;
  if (found == nullptr) return;
  if (error.name.empty()) error.name = CleanErrorName(found->TextOf("Code"));
  error.message = CleanErrorMessage(found->TextOf("Message"));
  for (const char* member : {"RequestId", "RequestID"}) {
    if (error.request_id.empty()) error.request_id = Checked(root->TextOf(member));
    if (error.request_id.empty()) error.request_id = Checked(found->TextOf(member));
  }
}

std::string HeaderOf(const http::ClientResponse& response, std::string_view name) {
  const std::string* const value = http::FindHeader(response.headers, name);
  return value == nullptr ? std::string() : *value;
}

}  // namespace

// "com.amazonaws.sqs#QueueDoesNotExist", "ConflictException:http://internal.amazon.com/..." and
// "AWS.SimpleQueueService.NonExistentQueue;Sender" without what stands around the name.
std::string CleanErrorName(std::string_view text) {
  text = text.substr(0, text.find_first_of(":;"));
  const std::size_t mark = text.rfind('#');
  return Checked(mark == text.npos ? text : text.substr(mark + 1));
}

// The first line: in the others, services tell what they expected to be signed, the session token
// with it.
std::string CleanErrorMessage(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \r\n\t"), text.size());
  text.remove_prefix(begin);
  text = text.substr(0, text.find_first_of("\r\n"));
  std::string line(text.substr(0, kMaxMessage));
  if (line.size() < text.size()) line += "...";
  std::ranges::replace_if(line, [](char c) { return (c >= 0 && c < ' ') || c == 127; }, ' ');
  return line;
}

ServiceError ReadServiceError(const http::ClientResponse& response) {
  ServiceError error;
  for (const char* header : {"x-amzn-requestid", "x-amz-request-id", "x-amz-requestid"}) {
    if (error.request_id.empty()) error.request_id = Checked(HeaderOf(response, header));
  }
  error.name = CleanErrorName(HeaderOf(response, "x-amzn-errortype"));
  const std::string_view body =
      std::string_view(response.body).substr(0, std::min(response.body.size(), kMaxErrorBytes + 1));
  const std::size_t begin = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (begin != body.npos && body[begin] == '{') ReadJsonError(body, error);
  if (begin != body.npos && body[begin] == '<') ReadXmlError(body, error);
  // JSON services that once spoke the query protocol tell the old name beside the new one.
  if (error.name.empty()) error.name = CleanErrorName(HeaderOf(response, "x-amzn-query-error"));
  return error;
}

Status StatusOfServiceError(const http::ClientResponse& response) {
  ServiceError error = ReadServiceError(response);
  ErrorInfo info;
  info.request_id = std::move(error.request_id);
  info.name = error.name.empty() ? std::to_string(response.code) : error.name;
  StatusCode code = http::CodeOfHttp(response.code);
  if (code == StatusCode::kOk) code = StatusCode::kUnknown;
  code = CodeOfErrorName(info.name).value_or(code);
  std::string text = info.name;
  if (error.name.empty()) text = "HTTP " + text;
  if (!error.message.empty()) text += ": " + error.message;
  return Status(code, std::move(text), std::move(info));
}

}  // namespace gsh::aws
