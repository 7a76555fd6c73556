// Messages to and from gRPC's byte buffers, for the RPCs that are worth the trouble.
#ifndef GSH_SRC_RPC_BYTE_BUFFER_H_
#define GSH_SRC_RPC_BYTE_BUFFER_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

namespace gsh::rpc {

// False if the bytes are no such message.
bool Parse(const grpc::ByteBuffer& buffer, google::protobuf::MessageLite* message);

// Takes the string over without copying it.
grpc::ByteBuffer ToByteBuffer(std::string bytes);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_BYTE_BUFFER_H_
