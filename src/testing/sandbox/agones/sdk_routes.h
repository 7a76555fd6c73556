// The HTTP side of Agones' SDK as a table: which path means which RPC (agones: proto/sdk,
// google.api.http options).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_SDK_ROUTES_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_SDK_ROUTES_H_

#include <string>
#include <string_view>

#include "gsh/status.h"
#include "src/http/server.h"

namespace gsh::sandbox {

struct SdkRoute {
  std::string_view http_method;
  std::string_view path;    // up to where a segment of any text begins, if one does
  std::string_view field;   // which field of the request that segment is; empty: none
  std::string_view suffix;  // behind it
  std::string_view body;    // which field the body is; empty: the request itself
  std::string_view rpc;     // "/agones.dev.sdk.SDK/Ready"
  std::string_view request;
  std::string_view response;
};

// The route, or what the gateway answers instead: NotFound, Unimplemented.
StatusOr<const SdkRoute*> FindSdkRoute(std::string_view http_method, std::string_view path);

// The RPC's request, serialised; InvalidArgument for a body that is no such message.
StatusOr<std::string> SdkRequestOf(const SdkRoute& route, const http::Request& request);

inline constexpr std::string_view kHealthRpc = "/agones.dev.sdk.SDK/Health";
inline constexpr std::string_view kWatchRpc = "/agones.dev.sdk.SDK/WatchGameServer";

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_SDK_ROUTES_H_
