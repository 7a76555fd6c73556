// Request targets, queries and addresses.
#include "src/http/address.h"
#include "src/http/url.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  const std::string_view text = gsh::fuzz::TextOf(data, size);
  if (const auto decoded = gsh::http::PercentDecode(text)) {
    Require(decoded->size() <= text.size(), "decoding does not lengthen");
    const bool sent_zero = text.find('\0') != text.npos;
    Require(sent_zero || decoded->find('\0') == decoded->npos, "no zero byte is smuggled in");
  }
  if (const auto target = gsh::http::ParseTarget(text)) {
    Require(target->path.starts_with('/'), "a path begins with a slash");
    Require(target->query.find('#') == target->query.npos, "a fragment is no query");
  }
  const std::string value = gsh::http::QueryValue(text, "ticket");
  Require(value.size() <= text.size(), "a value is part of the query");
  if (const auto address = gsh::http::ParseHostPort(text); address.ok()) {
    Require(address->port >= 0 && address->port <= 65535, "a port is a port");
    Require(address->host.find_first_of("[]") == std::string::npos, "brackets are taken off");
  }
  return 0;
}
