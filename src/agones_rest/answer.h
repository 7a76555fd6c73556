// What Agones' services say when they refuse, over HTTP.
#ifndef GSH_SRC_AGONES_REST_ANSWER_H_
#define GSH_SRC_AGONES_REST_ANSWER_H_

#include <functional>
#include <string>
#include <string_view>

#include "gsh/status.h"
#include "src/http/client/client.h"

namespace gsh::agones_rest {

using MeaningOf = Status (*)(int code, std::string message);  // agones::SdkAnswer and the like

// OK for 2xx; else what {"code":8,"message":"..."} means (grpc-gateway: runtime/errors.go). What
// comes from somebody else, a proxy perhaps, means what its HTTP code does.
std::function<Status(const http::ClientResponse&)> StatusReader(MeaningOf meaning);

// The same body inside a stream's line {"error":{...}}; OK if there is none.
Status StatusOfStreamError(std::string_view line, MeaningOf meaning);

}  // namespace gsh::agones_rest

#endif  // GSH_SRC_AGONES_REST_ANSWER_H_
