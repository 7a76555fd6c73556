#include "src/testing/sandbox/agones/sdk_routes.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "src/proto/json/agones_json.h"

namespace gsh::sandbox {
namespace {

using Json = nlohmann::json;

#define GSH_STABLE(rpc) "/agones.dev.sdk.SDK/" rpc
#define GSH_BETA(rpc) "/agones.dev.sdk.beta.SDK/" rpc
#define GSH_ALPHA(rpc) "/agones.dev.sdk.alpha.SDK/" rpc

constexpr std::string_view kEmpty = "agones.dev.sdk.Empty";
constexpr std::string_view kServer = "agones.dev.sdk.GameServer";
constexpr std::string_view kPair = "agones.dev.sdk.KeyValue";
constexpr std::string_view kDuration = "agones.dev.sdk.Duration";
constexpr std::string_view kCounter = "agones.dev.sdk.beta.Counter";
constexpr std::string_view kList = "agones.dev.sdk.beta.List";
constexpr std::string_view kAlphaEmpty = "agones.dev.sdk.alpha.Empty";
constexpr std::string_view kCount = "agones.dev.sdk.alpha.Count";
constexpr std::string_view kBool = "agones.dev.sdk.alpha.Bool";
constexpr std::string_view kPlayer = "agones.dev.sdk.alpha.PlayerID";
constexpr std::string_view kPlayers = "agones.dev.sdk.alpha.PlayerIDList";

constexpr std::array<SdkRoute, 22> kRoutes = {{
    {"POST", "/ready", "", "", "", GSH_STABLE("Ready"), kEmpty, kEmpty},
    {"POST", "/allocate", "", "", "", GSH_STABLE("Allocate"), kEmpty, kEmpty},
    {"POST", "/shutdown", "", "", "", GSH_STABLE("Shutdown"), kEmpty, kEmpty},
    {"POST", "/health", "", "", "", kHealthRpc, kEmpty, kEmpty},
    {"POST", "/reserve", "", "", "", GSH_STABLE("Reserve"), kDuration, kEmpty},
    {"GET", "/gameserver", "", "", "", GSH_STABLE("GetGameServer"), kEmpty, kServer},
    {"GET", "/watch/gameserver", "", "", "", kWatchRpc, kEmpty, kServer},
    {"PUT", "/metadata/label", "", "", "", GSH_STABLE("SetLabel"), kPair, kEmpty},
    {"PUT", "/metadata/annotation", "", "", "", GSH_STABLE("SetAnnotation"), kPair, kEmpty},
    {"GET", "/v1beta1/counters/", "name", "", "", GSH_BETA("GetCounter"),
     "agones.dev.sdk.beta.GetCounterRequest", kCounter},
    {"PATCH", "/v1beta1/counters/", "name", "", "counterUpdateRequest", GSH_BETA("UpdateCounter"),
     "agones.dev.sdk.beta.UpdateCounterRequest", kCounter},
    {"POST", "/v1beta1/lists/", "name", ":addValue", "", GSH_BETA("AddListValue"),
     "agones.dev.sdk.beta.AddListValueRequest", kList},
    {"POST", "/v1beta1/lists/", "name", ":removeValue", "", GSH_BETA("RemoveListValue"),
     "agones.dev.sdk.beta.RemoveListValueRequest", kList},
    {"GET", "/v1beta1/lists/", "name", "", "", GSH_BETA("GetList"),
     "agones.dev.sdk.beta.GetListRequest", kList},
    {"PATCH", "/v1beta1/lists/", "name", "", "list", GSH_BETA("UpdateList"),
     "agones.dev.sdk.beta.UpdateListRequest", kList},
    {"POST", "/alpha/player/connect", "", "", "", GSH_ALPHA("PlayerConnect"), kPlayer, kBool},
    {"POST", "/alpha/player/disconnect", "", "", "", GSH_ALPHA("PlayerDisconnect"), kPlayer, kBool},
    {"PUT", "/alpha/player/capacity", "", "", "", GSH_ALPHA("SetPlayerCapacity"), kCount,
     kAlphaEmpty},
    {"GET", "/alpha/player/capacity", "", "", "", GSH_ALPHA("GetPlayerCapacity"), kAlphaEmpty,
     kCount},
    {"GET", "/alpha/player/count", "", "", "", GSH_ALPHA("GetPlayerCount"), kAlphaEmpty, kCount},
    {"GET", "/alpha/player/connected", "", "", "", GSH_ALPHA("GetConnectedPlayers"), kAlphaEmpty,
     kPlayers},
    {"GET", "/alpha/player/connected/", "playerID", "", "", GSH_ALPHA("IsPlayerConnected"), kPlayer,
     kBool},
}};

#undef GSH_STABLE
#undef GSH_BETA
#undef GSH_ALPHA

// What stands in the place of the route's field; empty optional: another path.
std::optional<std::string_view> Match(const SdkRoute& route, std::string_view path) {
  if (!path.starts_with(route.path)) return std::nullopt;
  path.remove_prefix(route.path.size());
  if (!path.ends_with(route.suffix)) return std::nullopt;
  path.remove_suffix(route.suffix.size());
  if (route.field.empty() ? !path.empty() : path.find('/') != path.npos) return std::nullopt;
  return path;
}

// The fields that a PATCH changes: those that the query names, or those that the body has.
std::string MaskOf(const http::Request& request, const Json& body) {
  for (const char* key : {"updateMask", "update_mask"}) {
    if (std::string mask = request.QueryValue(key); !mask.empty()) return mask;
  }
  std::string mask;
  for (const auto& [name, value] : body.items()) mask += (mask.empty() ? "" : ",") + name;
  return mask;
}

}  // namespace

StatusOr<const SdkRoute*> FindSdkRoute(std::string_view http_method, std::string_view path) {
  bool other_method = false;
  for (const SdkRoute& route : kRoutes) {
    if (!Match(route, path)) continue;
    if (route.http_method == http_method) return &route;
    other_method = true;
  }
  if (other_method) return Status(StatusCode::kUnimplemented, "Method Not Allowed");
  return NotFoundError("Not Found");
}

StatusOr<std::string> SdkRequestOf(const SdkRoute& route, const http::Request& request) {
  Json body = Json::object();
  if (!request.body.empty()) body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return InvalidArgumentError("the body is no JSON object");
  std::string mask;
  if (route.body == "list") mask = MaskOf(request, body);
  if (!route.field.empty()) {
    body[std::string(route.field)] = std::string(*Match(route, request.path));
  }
  if (!route.body.empty()) body = Json{{std::string(route.body), std::move(body)}};
  if (!mask.empty()) body["updateMask"] = mask;
  return wire_json::FromJson(route.request,
                             body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace gsh::sandbox
