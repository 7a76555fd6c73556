// RouteSource: where the calls of one client go, and who signs them.
#ifndef GSH_SRC_AWS_CLIENT_ROUTE_H_
#define GSH_SRC_AWS_CLIENT_ROUTE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/aws/signer.h"
#include "gsh/status.h"
#include "src/aws/config/service.h"
#include "src/aws/config/settings.h"

namespace gsh::aws {

// ErrorInfo::name of a call whose region nobody knows.
inline constexpr std::string_view kNoRegion = "NO_REGION";

struct Route {
  Endpoint endpoint = {};
  std::unique_ptr<Signer> signer = {};
};

// Asks for the instance's region if nobody else has said one: with the first call, once for all
// that wait, and again with the next call if that failed. May be used from several threads at once.
class RouteSource : public std::enable_shared_from_this<RouteSource> {
 public:
  using Callback = std::function<void(StatusOr<std::shared_ptr<const Route>>)>;
  using RegionCallback = std::function<void(StatusOr<std::string>)>;
  // Runs its callback once, on any thread.
  using AskRegion = std::function<void(RegionCallback)>;

  // InvalidArgument for settings that no region makes good.
  static StatusOr<std::shared_ptr<RouteSource>> Make(ClientSettings settings,
                                                     const Service& service, AskRegion ask_region);

  // `done` runs at once if the region is known, else on the thread that brings it.
  void Get(Callback done);
  // Asks no more, and lets go of what it asked.
  void Close();
  // With a region that may not be the true one, if none is known yet.
  const Endpoint& probable() const { return probable_; }

 private:
  RouteSource(ClientSettings settings, const Service& service, AskRegion ask_region);
  StatusOr<std::shared_ptr<const Route>> Resolve(const ClientSettings& settings) const;
  void OnRegion(const StatusOr<std::string>& region);

  const ClientSettings settings_;
  const Service service_;
  Endpoint probable_;

  std::mutex mutex_;
  AskRegion ask_region_;  // null: closed
  std::shared_ptr<const Route> route_;
  std::vector<Callback> waiting_;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_ROUTE_H_
