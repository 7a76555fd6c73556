#include "src/rpc/byte_buffer.h"

#include <cstddef>
#include <limits>
#include <memory>
#include <utility>

namespace gsh::rpc {

bool Parse(const grpc::ByteBuffer& buffer, google::protobuf::MessageLite* message) {
  grpc::Slice whole;
  if (!buffer.DumpToSingleSlice(&whole).ok()) return false;
  if (whole.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return false;
  return message->ParseFromArray(whole.begin(), static_cast<int>(whole.size()));
}

grpc::ByteBuffer ToByteBuffer(std::string bytes) {
  auto owned = std::make_unique<std::string>(std::move(bytes));
  std::string* kept = owned.release();  // the slice deletes it
  const grpc::Slice slice(
      kept->data(), kept->size(), [](void* text) { delete static_cast<std::string*>(text); }, kept);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace gsh::rpc
