// What the service answers, as JSON.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_ANSWERS_H_
#define GSH_SRC_ALLOCATOR_SERVICE_ANSWERS_H_

#include <string>
#include <string_view>

#include "gsh/agones/allocator.h"
#include "gsh/clock.h"
#include "gsh/status.h"
#include "src/allocator_service/authenticator.h"
#include "src/http/server.h"

namespace gsh::allocator_service {

// Byte for byte what the tutorial's service answers: its fields in its order, no space, no end of
// line.
std::string AllocatedJson(const agones::Allocation& allocation);

// {"error":"..."} and an end of line.
http::Response ErrorAnswer(int code, std::string_view error);

// Of a failed allocation. It says what a client can do; what it says about this service's own
// surroundings is for the log only.
http::Response AllocationErrorAnswer(const Status& status);

// Of anything but kAccepted.
http::Response LoginAnswer(const AuthResult& result);

// 429 with Retry-After, in whole seconds.
http::Response TooManyAnswer(std::string_view error, Duration pause);

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_ANSWERS_H_
