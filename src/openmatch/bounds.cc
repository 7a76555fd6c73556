#include "src/openmatch/bounds.h"

#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "src/core/mistakes.h"
#include "src/rpc/common/utf8.h"

namespace gsh::openmatch {
namespace {

constexpr std::string_view kLatencyPrefix = "latency-";
constexpr std::size_t kQuotedBytes = 64;  // of a name that came from outside, in an error

std::string Quoted(std::string_view name) {
  std::string text = "\"" + std::string(name.substr(0, kQuotedBytes));
  if (name.size() > kQuotedBytes) text += "...";
  return text + "\"";
}

using internal::Mistakes;

void CheckSize(std::string_view field, std::size_t size, std::size_t limit, std::string_view unit,
               Mistakes& mistakes) {
  if (limit == 0 || size <= limit) return;
  mistakes.Add(std::string(field) + ": " + std::to_string(size) + " " + std::string(unit) +
               ", at most " + std::to_string(limit) + " are allowed");
}

std::string DoubleArg(std::string_view key) {
  return "search_fields.double_args[" + Quoted(key) + "]";
}

// Names are put together for mistakes only: nearly every ticket is fine.
void CheckDoubles(const SearchFields& fields, Mistakes& mistakes) {
  for (const auto& [key, value] : fields.double_args) {
    if (std::isnan(value)) {
      mistakes.Add(DoubleArg(key) + " is NaN, which no pool can match");
    } else if (key.starts_with(kLatencyPrefix) && (value < 0 || std::isinf(value))) {
      mistakes.Add(DoubleArg(key) + " is " + std::to_string(value) +
                   ": a latency is a finite number of milliseconds, at least 0");
    }
  }
}

// A peer would refuse the whole message, without a word about where.
void CheckTexts(const SearchFields& fields, Mistakes& mistakes) {
  for (std::size_t i = 0; i < fields.tags.size(); ++i) {
    if (!rpc::IsUtf8(fields.tags[i])) {
      mistakes.Add("search_fields.tags[" + std::to_string(i) + "] is not UTF-8");
    }
  }
  for (const auto& [key, value] : fields.double_args) {
    if (!rpc::IsUtf8(key)) mistakes.Add("a key of search_fields.double_args is not UTF-8");
  }
  for (const auto& [key, value] : fields.string_args) {
    if (!rpc::IsUtf8(key)) mistakes.Add("a key of search_fields.string_args is not UTF-8");
    if (!rpc::IsUtf8(value)) {
      mistakes.Add("search_fields.string_args[" + Quoted(key) + "] is not UTF-8");
    }
  }
}

void CheckTexts(const char* field, const Extensions& extensions, Mistakes& mistakes) {
  for (const auto& [key, any] : extensions) {
    if (!rpc::IsUtf8(key)) mistakes.Add(std::string("a key of ") + field + " is not UTF-8");
    if (!rpc::IsUtf8(any.type_url)) {
      mistakes.Add(field + ("[" + Quoted(key)) + "].type_url is not UTF-8");
    }
  }
}

std::size_t Bytes(const Extensions& extensions) {
  std::size_t bytes = 0;
  for (const auto& [key, any] : extensions) {
    bytes += key.size() + any.type_url.size() + any.value.size();
  }
  return bytes;
}

template <typename Entity>
Status Check(const char* subject, const Entity& entity, const FrontendOptions& options) {
  Mistakes mistakes(subject);
  const SearchFields& fields = entity.search_fields;
  CheckSize("search_fields.tags", fields.tags.size(), options.max_tags, "tags", mistakes);
  CheckSize("search_fields.double_args", fields.double_args.size(), options.max_args, "arguments",
            mistakes);
  CheckSize("search_fields.string_args", fields.string_args.size(), options.max_args, "arguments",
            mistakes);
  CheckSize("extensions and persistent_field",
            Bytes(entity.extensions) + Bytes(entity.persistent_field), options.max_extension_bytes,
            "bytes", mistakes);
  CheckDoubles(fields, mistakes);
  CheckTexts(fields, mistakes);
  CheckTexts("extensions", entity.extensions, mistakes);
  CheckTexts("persistent_field", entity.persistent_field, mistakes);
  return mistakes.ToStatus();
}

}  // namespace

Status CheckBounds(const Ticket& ticket, const FrontendOptions& options) {
  return Check("ticket", ticket, options);
}

Status CheckBounds(const Backfill& backfill, const FrontendOptions& options) {
  return Check("backfill", backfill, options);
}

}  // namespace gsh::openmatch
