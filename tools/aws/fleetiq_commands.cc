#include <functional>
#include <iostream>
#include <memory>
#include <utility>

#include "gsh/aws/gamelift.h"
#include "tools/aws/output.h"
#include "tools/aws/service_commands.h"

namespace gsh::aws_tool {
namespace {

using aws::GameLift;

struct Flags {
  std::string group, server, instance;
  std::string data, connection_info;
  std::vector<std::string> instances;
  std::string sort_order;
  bool only_active = false;
  bool utilized = false;
  bool healthy = false;
  std::string role_arn, launch_template, delete_option;
  std::vector<std::string> instance_types;
  int min_size = 0;
  int max_size = 1;
};
using Run = std::function<StatusOr<Json>(GameLift&, const Flags&, const CallOptions&)>;

Json JsonOf(const GameLift::Server& server) {
  Json json = {{"game_server_id", server.game_server_id}};
  Add(json, "game_server_group_name", server.game_server_group_name);
  Add(json, "instance_id", server.instance_id);
  Add(json, "utilization_status", server.utilization_status);
  Add(json, "claim_status", server.claim_status);
  Add(json, "connection_info", server.connection_info);
  Add(json, "game_server_data", server.game_server_data);
  Add(json, "registration_time", server.registration_time);
  Add(json, "last_claim_time", server.last_claim_time);
  Add(json, "last_health_check_time", server.last_health_check_time);
  return json;
}

Json JsonOf(const GameLift::Group& group) {
  Json json = {{"game_server_group_name", group.game_server_group_name}};
  Add(json, "status", group.status);
  Add(json, "status_reason", group.status_reason);
  Add(json, "balancing_strategy", group.balancing_strategy);
  Add(json, "game_server_protection_policy", group.game_server_protection_policy);
  Add(json, "game_server_group_arn", group.game_server_group_arn);
  Add(json, "auto_scaling_group_arn", group.auto_scaling_group_arn);
  Add(json, "role_arn", group.role_arn);
  for (const auto& one : group.instance_definitions) {
    json["instance_types"].push_back(one.instance_type);
  }
  for (const std::string& action : group.suspended_actions) {
    json["suspended_actions"].push_back(action);
  }
  Add(json, "creation_time", group.creation_time);
  Add(json, "last_updated_time", group.last_updated_time);
  return json;
}

Json JsonOf(const GameLift::Instance& instance) {
  return {{"instance_id", instance.instance_id}, {"instance_status", instance.instance_status}};
}

template <typename T>
StatusOr<Json> One(const StatusOr<T>& result) {
  if (!result.ok()) return result.status();
  return JsonOf(*result);
}

template <typename Range>
StatusOr<Json> All(Range range) {
  Json list = Json::array();
  for (const auto& item : range) {
    if (!item.ok()) return item.status();
    list.push_back(JsonOf(*item));
  }
  return list;
}

StatusOr<Json> Describe(GameLift& fleet, const Flags& flags, const CallOptions& options) {
  if (flags.server.empty()) return One(fleet.DescribeGameServerGroup({flags.group}, options));
  return One(fleet.DescribeGameServer({flags.group, flags.server}, options));
}

StatusOr<Json> Claim(GameLift& fleet, const Flags& flags, const CallOptions& options) {
  aws::gamelift::ClaimGameServerRequest request{.game_server_group_name = flags.group,
                                                .game_server_id = flags.server,
                                                .game_server_data = flags.data};
  if (flags.only_active) request.filter_option = {{std::string(aws::gamelift::kActive)}};
  return One(fleet.ClaimGameServer(std::move(request), options));
}

StatusOr<Json> Update(GameLift& fleet, const Flags& flags, const CallOptions& options) {
  return One(fleet.UpdateGameServer(
      {.game_server_group_name = flags.group,
       .game_server_id = flags.server,
       .game_server_data = flags.data,
       .utilization_status = std::string(flags.utilized ? aws::gamelift::kUtilized : ""),
       .health_check = std::string(flags.healthy ? aws::gamelift::kHealthy : "")},
      options));
}

StatusOr<Json> Create(GameLift& fleet, const Flags& flags, const CallOptions& options) {
  aws::gamelift::CreateGameServerGroupRequest request{
      .game_server_group_name = flags.group,
      .role_arn = flags.role_arn,
      .min_size = flags.min_size,
      .max_size = flags.max_size,
      .launch_template = {.launch_template_name = flags.launch_template}};
  for (const std::string& type : flags.instance_types) {
    request.instance_definitions.push_back({.instance_type = type});
  }
  return One(fleet.CreateGameServerGroup(std::move(request), options));
}

// One subcommand after the other, all with the same flags.
class Adder {
 public:
  Adder(CLI::App& cli, Commands& commands, const CommonFlags& common)
      : group_(cli, commands, "fleetiq", "GameLift FleetIQ: groups and game servers",
               "  gsh-aws fleetiq register my-group server-1 i-0123456789abcdef0 \\\n"
               "    --connection-info 203.0.113.7:7777\n"
               "  gsh-aws fleetiq claim my-group --only-active\n"
               "  gsh-aws fleetiq update my-group server-1 --utilized --healthy\n"
               "  gsh-aws fleetiq list my-group --output text\n"),
        common_(common) {}

  CLI::App& Add(const char* name, const char* help, Run run) {
    return group_.Add(name, help,
                      [&common = common_, flags = flags_,
                       run = std::move(run)](service::Program& program) -> Status {
                        const auto fleet = aws::MakeGameLift(common.options);
                        if (!fleet.ok()) return fleet.status();
                        return Print(std::cout, run(**fleet, *flags, {.stop = program.stop()}),
                                     common.output);
                      });
  }
  CLI::App& OfGroup(const char* name, const char* help, Run run) {
    CLI::App& command = Add(name, help, std::move(run));
    command.add_option("group", flags_->group, "name or ARN of the game server group")->required();
    return command;
  }
  CLI::App& OfServer(const char* name, const char* help, Run run) {
    CLI::App& command = OfGroup(name, help, std::move(run));
    command.add_option("server", flags_->server, "the game server's id")->required();
    return command;
  }
  Flags& flags() { return *flags_; }

 private:
  CommandGroup group_;
  const CommonFlags& common_;
  const std::shared_ptr<Flags> flags_ = std::make_shared<Flags>();
};

void AddGroupCommands(Adder& add) {
  Flags& flags = add.flags();
  add.Add("groups", "lists the groups",
          [](GameLift& fleet, const Flags&, const CallOptions& options) {
            return All(fleet.AllGameServerGroups({}, options));
          });
  CLI::App& create = add.OfGroup("create", "makes a group", Create);
  create.add_option("--role-arn", flags.role_arn, "that FleetIQ takes")->required();
  create.add_option("--launch-template", flags.launch_template, "its name")->required();
  create.add_option("--instance-type", flags.instance_types, "repeatable; two at least")
      ->required();
  create.add_option("--min-size", flags.min_size, "instances");
  create.add_option("--max-size", flags.max_size, "instances");
  CLI::App& drop = add.OfGroup(
      "delete", "deletes a group", [](GameLift& fleet, const Flags& f, const CallOptions& options) {
        return One(fleet.DeleteGameServerGroup({f.group, f.delete_option}, options));
      });
  drop.add_option("--option", flags.delete_option, "SAFE_DELETE, FORCE_DELETE or RETAIN");
  add.OfGroup("suspend", "stops a group's changes of instance types",
              [](GameLift& fleet, const Flags& f, const CallOptions& options) {
                return One(fleet.SuspendGameServerGroup(
                    {f.group, {std::string(aws::gamelift::kReplaceInstanceTypes)}}, options));
              });
  add.OfGroup("resume", "allows such changes again",
              [](GameLift& fleet, const Flags& f, const CallOptions& options) {
                return One(fleet.ResumeGameServerGroup(
                    {f.group, {std::string(aws::gamelift::kReplaceInstanceTypes)}}, options));
              });
  add.OfGroup("instances", "lists a group's instances",
              [](GameLift& fleet, const Flags& f, const CallOptions& options) {
                return All(fleet.AllGameServerInstances({f.group, f.instances}, options));
              })
      .add_option("instance", flags.instances, "these alone");
}

void AddServerCommands(Adder& add) {
  Flags& flags = add.flags();
  add.OfGroup("describe", "shows a group, or one of its game servers", Describe)
      .add_option("server", flags.server, "a game server's id");
  add.OfGroup("list", "lists a group's game servers",
              [](GameLift& fleet, const Flags& f, const CallOptions& options) {
                return All(fleet.AllGameServers(
                    {.game_server_group_name = f.group, .sort_order = f.sort_order}, options));
              })
      .add_option("--sort-order", flags.sort_order, "ASCENDING or DESCENDING, by registration");
  CLI::App& claim = add.OfGroup("claim", "takes a free game server for 60 s", Claim);
  claim.add_option("server", flags.server, "this one alone");
  claim.add_option("--data", flags.data, "for the game server");
  claim.add_flag("--only-active", flags.only_active, "none on instances that drain");
  CLI::App& enter =
      add.OfServer("register", "registers a game server",
                   [](GameLift& fleet, const Flags& f, const CallOptions& options) {
                     return One(fleet.RegisterGameServer(
                         {f.group, f.server, f.instance, f.connection_info, f.data}, options));
                   });
  enter.add_option("instance", flags.instance, "where it runs")->required();
  enter.add_option("--connection-info", flags.connection_info, "what players connect to");
  enter.add_option("--data", flags.data, "about the game server");
  CLI::App& update = add.OfServer("update", "reports a game server's health, use or data", Update);
  update.add_flag("--utilized", flags.utilized, "it hosts players now");
  update.add_flag("--healthy", flags.healthy, "it is well");
  update.add_option("--data", flags.data, "about the game server");
  add.OfServer("deregister", "takes a game server out of its group",
               [](GameLift& fleet, const Flags& f, const CallOptions& options) -> StatusOr<Json> {
                 Status status = fleet.DeregisterGameServer({f.group, f.server}, options);
                 if (!status.ok()) return status;
                 return Json::object();
               });
}

}  // namespace

void AddFleetIqCommands(CLI::App& cli, Commands& commands, const CommonFlags& common) {
  Adder add(cli, commands, common);
  AddGroupCommands(add);
  AddServerCommands(add);
}

}  // namespace gsh::aws_tool
