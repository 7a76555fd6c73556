// GameLift's blocking calls and ranges, over its asynchronous ones.
#include <utility>

#include "gsh/aws/gamelift.h"
#include "src/core/await.h"

namespace gsh::aws {
namespace {

template <typename Result, typename Request>
using AsyncCall = void (GameLift::*)(Request, CallOptions, std::function<void(Result)>);

template <typename Result, typename Request>
Result Wait(GameLift& client, AsyncCall<Result, Request> call, Request request,
            CallOptions options) {
  return internal::Await<Result>(std::move(options), [&](CallOptions inner, auto done) {
    (client.*call)(std::move(request), std::move(inner), std::move(done));
  });
}

template <typename Item, typename Request>
PageRange<Item> AllOf(GameLift& client, AsyncCall<StatusOr<Page<Item>>, Request> call,
                      Request request, CallOptions options) {
  return PageRange<Item>([&client, call, request = std::move(request),
                          options = std::move(options)](std::string token) mutable {
    if (!token.empty()) request.next_token = std::move(token);
    return Wait(client, call, request, options);
  });
}

}  // namespace

StatusOr<GameLift::Server> GameLift::ClaimGameServer(gamelift::ClaimGameServerRequest request,
                                                     CallOptions options) {
  return Wait(*this, &GameLift::ClaimGameServerAsync, std::move(request), std::move(options));
}

StatusOr<GameLift::Server> GameLift::RegisterGameServer(gamelift::RegisterGameServerRequest request,
                                                        CallOptions options) {
  return Wait(*this, &GameLift::RegisterGameServerAsync, std::move(request), std::move(options));
}

StatusOr<GameLift::Server> GameLift::UpdateGameServer(gamelift::UpdateGameServerRequest request,
                                                      CallOptions options) {
  return Wait(*this, &GameLift::UpdateGameServerAsync, std::move(request), std::move(options));
}

StatusOr<GameLift::Server> GameLift::DescribeGameServer(gamelift::DescribeGameServerRequest request,
                                                        CallOptions options) {
  return Wait(*this, &GameLift::DescribeGameServerAsync, std::move(request), std::move(options));
}

Status GameLift::DeregisterGameServer(gamelift::DeregisterGameServerRequest request,
                                      CallOptions options) {
  return Wait(*this, &GameLift::DeregisterGameServerAsync, std::move(request), std::move(options));
}

StatusOr<Page<GameLift::Server>> GameLift::ListGameServers(gamelift::ListGameServersRequest request,
                                                           CallOptions options) {
  return Wait(*this, &GameLift::ListGameServersAsync, std::move(request), std::move(options));
}

StatusOr<GameLift::Group> GameLift::CreateGameServerGroup(
    gamelift::CreateGameServerGroupRequest request, CallOptions options) {
  return Wait(*this, &GameLift::CreateGameServerGroupAsync, std::move(request), std::move(options));
}

StatusOr<GameLift::Group> GameLift::DescribeGameServerGroup(
    gamelift::DescribeGameServerGroupRequest request, CallOptions options) {
  return Wait(*this, &GameLift::DescribeGameServerGroupAsync, std::move(request),
              std::move(options));
}

StatusOr<GameLift::Group> GameLift::UpdateGameServerGroup(
    gamelift::UpdateGameServerGroupRequest request, CallOptions options) {
  return Wait(*this, &GameLift::UpdateGameServerGroupAsync, std::move(request), std::move(options));
}

StatusOr<GameLift::Group> GameLift::DeleteGameServerGroup(
    gamelift::DeleteGameServerGroupRequest request, CallOptions options) {
  return Wait(*this, &GameLift::DeleteGameServerGroupAsync, std::move(request), std::move(options));
}

StatusOr<GameLift::Group> GameLift::SuspendGameServerGroup(
    gamelift::SuspendGameServerGroupRequest request, CallOptions options) {
  return Wait(*this, &GameLift::SuspendGameServerGroupAsync, std::move(request),
              std::move(options));
}

StatusOr<GameLift::Group> GameLift::ResumeGameServerGroup(
    gamelift::ResumeGameServerGroupRequest request, CallOptions options) {
  return Wait(*this, &GameLift::ResumeGameServerGroupAsync, std::move(request), std::move(options));
}

StatusOr<Page<GameLift::Group>> GameLift::ListGameServerGroups(
    gamelift::ListGameServerGroupsRequest request, CallOptions options) {
  return Wait(*this, &GameLift::ListGameServerGroupsAsync, std::move(request), std::move(options));
}

StatusOr<Page<GameLift::Instance>> GameLift::DescribeGameServerInstances(
    gamelift::DescribeGameServerInstancesRequest request, CallOptions options) {
  return Wait(*this, &GameLift::DescribeGameServerInstancesAsync, std::move(request),
              std::move(options));
}

PageRange<GameLift::Server> GameLift::AllGameServers(gamelift::ListGameServersRequest request,
                                                     CallOptions options) {
  return AllOf(*this, &GameLift::ListGameServersAsync, std::move(request), std::move(options));
}

PageRange<GameLift::Group> GameLift::AllGameServerGroups(
    gamelift::ListGameServerGroupsRequest request, CallOptions options) {
  return AllOf(*this, &GameLift::ListGameServerGroupsAsync, std::move(request), std::move(options));
}

PageRange<GameLift::Instance> GameLift::AllGameServerInstances(
    gamelift::DescribeGameServerInstancesRequest request, CallOptions options) {
  return AllOf(*this, &GameLift::DescribeGameServerInstancesAsync, std::move(request),
               std::move(options));
}

}  // namespace gsh::aws
