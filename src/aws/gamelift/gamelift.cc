// The GameLift client over AWS JSON 1.1.
#include "gsh/aws/gamelift.h"

#include <utility>

#include "src/aws/client/service_client.h"
#include "src/aws/gamelift/checker.h"
#include "src/aws/gamelift/json.h"
#include "src/aws/gamelift/operations.h"

namespace gsh::aws {
namespace {

using namespace gamelift;

Status AlreadyExists(const Status& status) {
  return Status(StatusCode::kAlreadyExists, status.message(),
                status.info() != nullptr ? *status.info() : ErrorInfo{});
}

class GameLiftClient final : public GameLift {
 public:
  explicit GameLiftClient(std::unique_ptr<ServiceClient> client) : client_(std::move(client)) {}

  void ClaimGameServerAsync(ClaimGameServerRequest request, CallOptions options,
                            Callback<Server> done) override {
    Call<Result<Server>>(kClaimGameServer, request, std::move(options), Value(std::move(done)));
  }
  void RegisterGameServerAsync(RegisterGameServerRequest request, CallOptions options,
                               Callback<Server> done) override {
    Call<Result<Server>>(kRegisterGameServer, request, std::move(options),
                         Value(NewOne(std::move(done))));
  }
  void UpdateGameServerAsync(UpdateGameServerRequest request, CallOptions options,
                             Callback<Server> done) override {
    Call<Result<Server>>(kUpdateGameServer, request, std::move(options), Value(std::move(done)));
  }
  void DescribeGameServerAsync(DescribeGameServerRequest request, CallOptions options,
                               Callback<Server> done) override {
    Call<Result<Server>>(kDescribeGameServer, request, std::move(options), Value(std::move(done)));
  }
  void DeregisterGameServerAsync(DeregisterGameServerRequest request, CallOptions options,
                                 std::function<void(Status)> done) override {
    Send(kDeregisterGameServer, request, std::move(options),
         [done = std::move(done)](const StatusOr<std::string>& answer) { done(answer.status()); });
  }
  void ListGameServersAsync(ListGameServersRequest request, CallOptions options,
                            Callback<Page<Server>> done) override {
    Call<Page<Server>>(kListGameServers, request, std::move(options), std::move(done));
  }

  void CreateGameServerGroupAsync(CreateGameServerGroupRequest request, CallOptions options,
                                  Callback<Group> done) override {
    Call<Result<Group>>(kCreateGameServerGroup, request, std::move(options),
                        Value(NewOne(std::move(done))));
  }
  void DescribeGameServerGroupAsync(DescribeGameServerGroupRequest request, CallOptions options,
                                    Callback<Group> done) override {
    Call<Result<Group>>(kDescribeGameServerGroup, request, std::move(options),
                        Value(std::move(done)));
  }
  void UpdateGameServerGroupAsync(UpdateGameServerGroupRequest request, CallOptions options,
                                  Callback<Group> done) override {
    Call<Result<Group>>(kUpdateGameServerGroup, request, std::move(options),
                        Value(std::move(done)));
  }
  void DeleteGameServerGroupAsync(DeleteGameServerGroupRequest request, CallOptions options,
                                  Callback<Group> done) override {
    Call<Result<Group>>(kDeleteGameServerGroup, request, std::move(options),
                        Value(std::move(done)));
  }
  void SuspendGameServerGroupAsync(SuspendGameServerGroupRequest request, CallOptions options,
                                   Callback<Group> done) override {
    Call<Result<Group>>(kSuspendGameServerGroup, request, std::move(options),
                        Value(std::move(done)));
  }
  void ResumeGameServerGroupAsync(ResumeGameServerGroupRequest request, CallOptions options,
                                  Callback<Group> done) override {
    Call<Result<Group>>(kResumeGameServerGroup, request, std::move(options),
                        Value(std::move(done)));
  }
  void ListGameServerGroupsAsync(ListGameServerGroupsRequest request, CallOptions options,
                                 Callback<Page<Group>> done) override {
    Call<Page<Group>>(kListGameServerGroups, request, std::move(options), std::move(done));
  }
  void DescribeGameServerInstancesAsync(DescribeGameServerInstancesRequest request,
                                        CallOptions options,
                                        Callback<Page<Instance>> done) override {
    Call<Page<Instance>>(kDescribeGameServerInstances, request, std::move(options),
                         std::move(done));
  }

 private:
  template <typename Request>
  void Send(const rpc::Method& method, const Request& request, CallOptions options,
            Callback<std::string> done) {
    Checker checker;
    Fields(checker, request);
    Status checked = checker.ToStatus(method.operation);
    if (!checked.ok()) {
      return client_->FailAsync(std::move(checked), std::move(options), std::move(done));
    }
    client_->CallAsync(method, JsonWriter::Write(request).dump(), std::move(options),
                       std::move(done));
  }

  template <typename Answer, typename Request>
  void Call(const rpc::Method& method, const Request& request, CallOptions options,
            Callback<Answer> done) {
    Send(method, request, std::move(options),
         [done = std::move(done)](const StatusOr<std::string>& answer) {
           if (!answer.ok()) return done(answer.status());
           done(ReadAnswer<Answer>(*answer));
         });
  }

  template <typename T>
  static Callback<Result<T>> Value(Callback<T> done) {
    return [done = std::move(done)](StatusOr<Result<T>> result) {
      if (!result.ok()) return done(result.status());
      done(std::move(result->value));
    };
  }

  // A conflict with something new is that it is there already.
  template <typename T>
  static Callback<T> NewOne(Callback<T> done) {
    return [done = std::move(done)](StatusOr<T> result) {
      const bool conflict = result.status().code() == StatusCode::kAborted;
      done(conflict ? AlreadyExists(result.status()) : std::move(result));
    };
  }

  const std::unique_ptr<ServiceClient> client_;
};

}  // namespace

StatusOr<std::unique_ptr<GameLift>> MakeGameLift(AwsOptions options) {
  auto client = ServiceClient::Make(std::move(options), kGameLift);
  if (!client.ok()) return client.status();
  return std::unique_ptr<GameLift>(std::make_unique<GameLiftClient>(*std::move(client)));
}

}  // namespace gsh::aws
