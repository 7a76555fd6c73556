#include "src/testing/sandbox/open_match/raw_messages.h"

#include <google/protobuf/io/coded_stream.h>

#include <cstdint>
#include <string>
#include <utility>

#include "src/rpc/byte_buffer.h"

namespace gsh::sandbox {
namespace {

// Field 1, length-delimited: QueryTicketsResponse.tickets.
constexpr char kTicketsTag = 0x0a;

void AppendVarint(std::uint32_t value, std::string& out) {
  std::uint8_t bytes[5];
  const std::uint8_t* end =
      google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(value, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(end - bytes));
}

}  // namespace

grpc::ByteBuffer TicketPage(std::span<const TicketRef> tickets) {
  constexpr std::size_t kFraming = 4;  // tag and length of a ticket below 2 MB
  std::size_t size = 0;
  for (const TicketRef& ticket : tickets) size += ticket->wire.size() + kFraming;
  std::string page;
  page.reserve(size);
  for (const TicketRef& ticket : tickets) {
    page += kTicketsTag;
    AppendVarint(static_cast<std::uint32_t>(ticket->wire.size()), page);
    page += ticket->wire;
  }
  return rpc::ToByteBuffer(std::move(page));
}

}  // namespace gsh::sandbox
