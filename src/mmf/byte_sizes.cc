#include "src/mmf/byte_sizes.h"

#include <string>

namespace gsh::mmf {
namespace {

template <typename Entity>
std::size_t Bytes(const Entity& entity) {
  constexpr std::size_t kFraming = 8;  // a field's tag and length, roughly
  std::size_t bytes = entity.id.size();
  for (const std::string& tag : entity.search_fields.tags) bytes += tag.size() + kFraming;
  for (const auto& [key, value] : entity.search_fields.double_args) {
    bytes += key.size() + sizeof value + kFraming;
  }
  for (const auto& [key, value] : entity.search_fields.string_args) {
    bytes += key.size() + value.size() + kFraming;
  }
  for (const Extensions* extensions : {&entity.extensions, &entity.persistent_field}) {
    for (const auto& [key, any] : *extensions) {
      bytes += key.size() + any.type_url.size() + any.value.size() + 2 * kFraming;
    }
  }
  return bytes;
}

}  // namespace

std::size_t BytesOf(const openmatch::Ticket& ticket) { return Bytes(ticket); }
std::size_t BytesOf(const openmatch::Backfill& backfill) { return Bytes(backfill); }

}  // namespace gsh::mmf
