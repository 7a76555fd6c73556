// What Agones' services mean by the codes and texts that they answer, however these came.
#ifndef GSH_SRC_AGONES_ANSWER_STATUS_H_
#define GSH_SRC_AGONES_ANSWER_STATUS_H_

#include <string>

#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::agones {

// Of the allocation service: codes outside gRPC's enum, and UNKNOWN that is really contention.
GSH_EXPORT Status AllocatorAnswer(int code, std::string message);

// Of the side-car: UNKNOWN whose text says what the code should have said.
GSH_EXPORT Status SdkAnswer(int code, std::string message);

}  // namespace gsh::agones

#endif  // GSH_SRC_AGONES_ANSWER_STATUS_H_
