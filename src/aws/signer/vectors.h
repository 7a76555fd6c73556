// The public test suites of SigV4, from tests/data/sigv4.
#ifndef GSH_SRC_AWS_SIGNER_VECTORS_H_
#define GSH_SRC_AWS_SIGNER_VECTORS_H_

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/aws/signer.h"
#include "src/aws/signer/amz_time.h"

namespace gsh::aws::testing {

struct Expected {
  std::string canonical_request = {};
  std::string string_to_sign = {};
  std::string signature = {};
  std::string authorization = {};  // empty: the signed request's own
  std::string signed_request = {};
};

struct Vector {
  std::string name = {};  // "get-vanilla", "normalize-path/get-slash"
  SigningRequest request = {};
  Credentials credentials = {};
  SigningOptions options = {};
  std::string region = "us-east-1";
  std::string service = "service";
  WallTime time = {};
  std::chrono::seconds lifetime{3600};
  // Empty where the suite has none.
  std::optional<Expected> header = {};
  std::optional<Expected> query = {};
};

inline std::filesystem::path VectorFolder(std::string_view suite) {
  return std::filesystem::path(GSH_SOURCE_DIR) / "tests/data/sigv4" / suite;
}

// Without carriage returns; an exception if there is no such file.
inline std::string ReadVectorFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << in.rdbuf();
  std::string all = std::move(text).str();
  std::erase(all, '\r');
  return all;
}

// "GET /a b?c=d HTTP/1.1", then headers, of which one may go on in further lines that start with a
// space, an empty line and the body. Paths may hold spaces: no HTTP parser takes these requests.
inline SigningRequest ParseVectorRequest(const std::string& text) {
  SigningRequest request;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(" HTTP/1.1");
  request.method = line.substr(0, method_end);
  const std::string target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::size_t mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  request.query = target.substr(std::min(mark + 1, target.size()));
  while (std::getline(lines, line) && !line.empty()) {
    if (line.front() == ' ') {
      request.headers.back().second += line;
      continue;
    }
    const std::size_t colon = line.find(':');
    request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  if (lines) request.body.assign(std::istreambuf_iterator<char>(lines), {});
  return request;
}

// The value of the first header of that name, which is taken out; empty if there is none.
inline std::string TakeHeader(SigningRequest& request, std::string_view lower) {
  const auto is = [&](const auto& header) {
    return std::ranges::equal(header.first, lower, {},
                              [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  };
  const auto found = std::ranges::find_if(request.headers, is);
  if (found == request.headers.end()) return {};
  std::string value = std::move(found->second);
  request.headers.erase(found);
  return value;
}

// Botocore's: NAME.req, .creq, .sts, .authz and .sreq in one folder each; one time and one key.
inline Vector LoadBotocoreVector(const std::string& name) {
  const std::filesystem::path folder = VectorFolder("botocore") / name;
  const auto file = [&](std::string_view suffix) {
    return ReadVectorFile(folder / (folder.filename().string() + std::string(suffix)));
  };
  Vector vector{.name = name, .request = ParseVectorRequest(file(".req"))};
  vector.time = ParseAmzTime("20150830T123600Z").value();
  vector.request.host = TakeHeader(vector.request, "host");
  TakeHeader(vector.request, "x-amz-date");
  TakeHeader(vector.request, "x-amz-security-token");
  SigningRequest signed_request = ParseVectorRequest(file(".sreq"));
  vector.credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                   TakeHeader(signed_request, "x-amz-security-token"));
  const std::string authorization = file(".authz");
  vector.header = Expected{.canonical_request = file(".creq"),
                           .string_to_sign = file(".sts"),
                           .signature = authorization.substr(authorization.rfind('=') + 1),
                           .authorization = authorization,
                           .signed_request = file(".sreq")};
  vector.options.sign_session_token =
      vector.header->canonical_request.find("x-amz-security-token") != std::string::npos;
  return vector;
}

inline Expected LoadExpected(const std::filesystem::path& folder, const std::string& place) {
  return {.canonical_request = ReadVectorFile(folder / (place + "-canonical-request.txt")),
          .string_to_sign = ReadVectorFile(folder / (place + "-string-to-sign.txt")),
          .signature = ReadVectorFile(folder / (place + "-signature.txt")),
          .signed_request = ReadVectorFile(folder / (place + "-signed-request.txt"))};
}

// aws-sigv4's: request.txt, context.json, and four files for each place of the signature.
inline Vector LoadAwsSigv4Vector(const std::string& name) {
  const std::filesystem::path folder = VectorFolder("aws-sigv4") / name;
  Vector vector{.name = name,
                .request = ParseVectorRequest(ReadVectorFile(folder / "request.txt"))};
  vector.request.host = TakeHeader(vector.request, "host");
  TakeHeader(vector.request, "x-amz-date");
  if (!std::filesystem::exists(folder / "context.json")) {
    // The two of the old form: nothing but a canonical request, of another time.
    vector.time = ParseAmzTime("20210511T154045Z").value();
    vector.credentials = Credentials("ANOTREAL", "notrealrnrELgWzOk3IfjzDKtFBhDby");
    vector.header =
        Expected{.canonical_request = ReadVectorFile(folder / "header-canonical-request.txt")};
    return vector;
  }
  const auto context = nlohmann::json::parse(ReadVectorFile(folder / "context.json"));
  std::string time = context.at("timestamp").get<std::string>();  // 2015-08-30T12:36:00Z
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  vector.time = ParseAmzTime(time).value();
  const auto& credentials = context.at("credentials");
  vector.credentials = Credentials(credentials.at("access_key_id").get<std::string>(),
                                   credentials.at("secret_access_key").get<std::string>(),
                                   credentials.value("token", ""));
  vector.region = context.at("region").get<std::string>();
  vector.service = context.at("service").get<std::string>();
  vector.lifetime = std::chrono::seconds(context.at("expiration_in_seconds").get<int>());
  vector.options.normalize_path = context.at("normalize").get<bool>();
  vector.options.content_sha256_header = context.at("sign_body").get<bool>();
  vector.options.sign_session_token = !context.value("omit_session_token", false);
  vector.header = LoadExpected(folder, "header");
  vector.query = LoadExpected(folder, "query");
  return vector;
}

// The names of all folders of `suite` that hold a request.
inline std::vector<std::string> VectorNames(std::string_view suite) {
  const std::filesystem::path root = VectorFolder(suite);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().filename() != "request.txt" && entry.path().extension() != ".req") continue;
    names.push_back(entry.path().parent_path().lexically_relative(root).string());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace gsh::aws::testing

#endif  // GSH_SRC_AWS_SIGNER_VECTORS_H_
