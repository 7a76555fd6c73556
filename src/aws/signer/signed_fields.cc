#include "src/aws/signer/signed_fields.h"

#include <algorithm>
#include <array>

#include "src/http/client/headers.h"

namespace gsh::aws {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Values with nothing to take out are most of them: found by memchr, they are copied at once.
bool IsTrimmed(std::string_view value) {
  return value.find("  ") == value.npos && value.find('\t') == value.npos &&
         !value.starts_with(' ') && !value.ends_with(' ');
}

// Without spaces around it, and with one where there are several.
void AppendTrimmed(std::string& out, std::string_view value) {
  if (IsTrimmed(value)) {
    out.append(value);
    return;
  }
  const std::size_t start = out.size();
  bool pending = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t') {
      pending = out.size() > start;
      continue;
    }
    if (pending) out += ' ';
    pending = false;
    out += c;
  }
}

}  // namespace

bool MayBeSigned(std::string_view name) {
  // As botocore has it (auth.py, SIGNED_HEADERS_BLACKLIST), and the signature's own field.
  constexpr std::array<std::string_view, 15> kNever = {"authorization",
                                                       "baggage",
                                                       "connection",
                                                       "expect",
                                                       "keep-alive",
                                                       "proxy-authenticate",
                                                       "te",
                                                       "proxy-authorization",
                                                       "traceparent",
                                                       "tracestate",
                                                       "trailer",
                                                       "transfer-encoding",
                                                       "upgrade",
                                                       "user-agent",
                                                       "x-amzn-trace-id"};
  return std::ranges::none_of(
      kNever, [name](std::string_view never) { return http::SameFieldName(name, never); });
}

void SignedFields::Add(std::string_view name, std::string_view value) {
  const std::size_t begin = names_.size();
  fields_.push_back({begin, name.size(), value});
  names_.resize(begin + name.size());
  std::ranges::transform(name, names_.begin() + static_cast<std::ptrdiff_t>(begin), Lower);
}

void SignedFields::Sort() {
  // Fields of one name stay in the order in which they came.
  std::ranges::sort(fields_, [this](const Field& a, const Field& b) {
    const int order = NameOf(a).compare(NameOf(b));
    return order != 0 ? order < 0 : a.name_begin < b.name_begin;
  });
}

void SignedFields::AppendLines(std::string& out) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const bool again = i > 0 && NameOf(fields_[i]) == NameOf(fields_[i - 1]);
    if (again) {
      out.back() = ',';  // in place of the line's end
    } else {
      out.append(NameOf(fields_[i])).append(1, ':');
    }
    AppendTrimmed(out, fields_[i].value);
    out += '\n';
  }
}

void SignedFields::AppendNames(std::string& out) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (i > 0 && NameOf(fields_[i]) == NameOf(fields_[i - 1])) continue;
    if (i > 0) out += ';';
    out.append(NameOf(fields_[i]));
  }
}

}  // namespace gsh::aws
