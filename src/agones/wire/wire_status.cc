#include "src/agones/wire/wire_status.h"

#include "src/agones/answer_status.h"

namespace gsh::agones {

Status AllocatorStatus(const grpc::Status& status) {
  return AllocatorAnswer(static_cast<int>(status.error_code()), status.error_message());
}

Status SdkStatus(const grpc::Status& status) {
  return SdkAnswer(static_cast<int>(status.error_code()), status.error_message());
}

}  // namespace gsh::agones
