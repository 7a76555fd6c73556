#include "src/agones_rest/answer.h"

#include <optional>
#include <string>
#include <utility>

#include "src/agones/json/json_fields.h"

namespace gsh::agones_rest {
namespace {

using agones::JsonFields;

std::optional<Status> Refusal(const JsonFields& fields, MeaningOf meaning) {
  int code = 0;
  std::string message;
  fields.Read("code", code);
  fields.Read("message", message);
  if (code == 0) return std::nullopt;
  if (message.empty()) message = "code " + std::to_string(code) + ", without a message";
  return meaning(code, std::move(message));
}

}  // namespace

std::function<Status(const http::ClientResponse&)> StatusReader(MeaningOf meaning) {
  return [meaning](const http::ClientResponse& response) {
    Status status = http::StatusOfResponse(response);
    if (status.ok()) return status;
    std::optional<Status> refusal;
    const Status read = agones::ReadJson(response.body, "answer", [&](const JsonFields& fields) {
      refusal = Refusal(fields, meaning);
    });
    return read.ok() && refusal ? *refusal : status;
  };
}

Status StatusOfStreamError(std::string_view line, MeaningOf meaning) {
  std::optional<Status> refusal;
  const Status read = agones::ReadJson(line, "the stream's line", [&](const JsonFields& fields) {
    if (const auto error = fields.Object("error")) {
      refusal = Refusal(*error, meaning).value_or(UnknownError("the stream ended with an error"));
    }
  });
  if (!read.ok()) return read;
  return refusal.value_or(OkStatus());
}

}  // namespace gsh::agones_rest
