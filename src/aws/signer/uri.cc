#include "src/aws/signer/uri.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "src/aws/config/ascii.h"
#include "src/aws/signer/char_set.h"

namespace gsh::aws {
namespace {

constexpr CharSet kUnreserved([](char c) {
  return IsAlphaNumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
});

bool IsUnreserved(char c) { return kUnreserved.Has(c); }

void AppendByte(std::string& out, char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  const char escape[] = {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  out.append(escape, sizeof escape);
}

// -1 for what is no hexadecimal digit.
int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that `text` starts with the escape of; -1 if it starts with none.
int EscapedByte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = DigitValue(text[1]);
  const int low = DigitValue(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// Each byte, escaped or not, as http::PercentEncode would write it; `also` stays as it is.
void AppendUniform(std::string& out, std::string_view text, char also = '\0') {
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    const int escaped = EscapedByte(text.substr(i));
    if (escaped >= 0) {
      c = static_cast<char>(escaped);
      i += 2;
    }
    if (IsUnreserved(c) || (escaped < 0 && c == also)) {
      out += c;
    } else {
      AppendByte(out, c);
    }
  }
}

// A text that ends in a dot segment is a folder, as in RFC 3986: "/a/." is "/a/".
std::string Normalized(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    const bool last = path.empty();
    if (segment == "..") out.resize(std::max<std::size_t>(out.rfind('/') + 1, 1) - 1);
    if (segment.empty() || segment == "." || segment == "..") {
      if (last) out += '/';
    } else {
      out.append("/").append(segment);
    }
  }
  return out;
}

bool NeedsNormalizing(std::string_view path) {
  return path.find("//") != path.npos || path.find("/.") != path.npos;
}

}  // namespace

std::optional<std::string> Decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int byte = EscapedByte(text.substr(i));
      if (byte < 0) return std::nullopt;
      c = static_cast<char>(byte);
      i += 2;
    }
    out += c;
  }
  return out;
}

void AppendCanonicalPath(std::string& out, std::string_view path, const PathRules& rules) {
  if (path.empty() || path == "/") {
    out += '/';
    return;
  }
  std::string normalized;
  if (rules.normalize && NeedsNormalizing(path)) path = normalized = Normalized(path);
  if (!rules.twice) return AppendUniform(out, path, '/');
  for (const char c : path) {
    if (IsUnreserved(c) || c == '/') {
      out += c;
    } else {
      AppendByte(out, c);
    }
  }
}

void AppendCanonicalQuery(std::string& out, std::string_view query, std::string_view without) {
  struct Pair {
    std::size_t begin;
    std::size_t equals;
    std::size_t end;
  };
  std::string text;
  std::vector<Pair> pairs;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t split = std::min(pair.find('='), pair.size());
    const std::size_t begin = text.size();
    AppendUniform(text, pair.substr(0, split));
    const std::size_t equals = text.size();
    if (!without.empty() && std::string_view(text).substr(begin) == without) {
      text.resize(begin);
      continue;
    }
    text += '=';
    AppendUniform(text, pair.substr(std::min(split + 1, pair.size())));
    pairs.push_back({begin, equals, text.size()});
  }
  // By key and value apart: in one text, '=' would sort "a-" before "a".
  const std::string_view all = text;
  const auto key = [&](const Pair& p) { return all.substr(p.begin, p.equals - p.begin); };
  std::ranges::sort(pairs, [&](const Pair& a, const Pair& b) {
    const int order = key(a).compare(key(b));
    if (order != 0) return order < 0;
    return all.substr(a.equals, a.end - a.equals) < all.substr(b.equals, b.end - b.equals);
  });
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i > 0) out += '&';
    out.append(all.substr(pairs[i].begin, pairs[i].end - pairs[i].begin));
  }
}

bool IsPlainQuery(std::string_view query) {
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (query[i] == '+') return false;
    if (query[i] == '%' && EscapedByte(query.substr(i)) < 0) return false;
  }
  return true;
}

}  // namespace gsh::aws
