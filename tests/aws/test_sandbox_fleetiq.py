"""boto3's gamelift client against the AWS sandbox: its validator and parsers judge what the sandbox answers."""

import datetime

import botocore.config
import pytest

from aws_sandbox import GROUP, fails


@pytest.fixture
def fleet(home, sandbox):
    return sandbox.client("gamelift")


@pytest.fixture
def group(fleet, request):
    name = request.node.name.replace("_", "-").replace("[", "-").replace("]", "")
    fleet.create_game_server_group(GameServerGroupName=name, **GROUP)
    yield name
    try:
        fleet.delete_game_server_group(
            GameServerGroupName=name, DeleteOption="FORCE_DELETE"
        )
    except fleet.exceptions.NotFoundException:
        pass


def instances(fleet, group):
    listed = fleet.describe_game_server_instances(GameServerGroupName=group)
    return [one["InstanceId"] for one in listed["GameServerInstances"]]


def register(fleet, group, *servers):
    instance = instances(fleet, group)[0]
    for server in servers:
        fleet.register_game_server(
            GameServerGroupName=group, GameServerId=server, InstanceId=instance
        )


def test_group_is_made_changed_and_deleted(fleet):
    made = fleet.create_game_server_group(GameServerGroupName="one", **GROUP)
    assert made["GameServerGroup"]["Status"] == "NEW"
    assert made["ResponseMetadata"]["RequestId"]
    arn = made["GameServerGroup"]["GameServerGroupArn"]
    for name in ("one", arn):
        seen = fleet.describe_game_server_group(GameServerGroupName=name)
        assert seen["GameServerGroup"]["Status"] == "ACTIVE"
    assert seen["GameServerGroup"]["BalancingStrategy"] == "SPOT_PREFERRED"
    age = datetime.datetime.now(datetime.timezone.utc) - seen["GameServerGroup"][
        "CreationTime"
    ]
    assert abs(age.total_seconds()) < 60
    error = fails(fleet.create_game_server_group, GameServerGroupName="one", **GROUP)
    assert error["Code"] == "ConflictException"
    changed = fleet.update_game_server_group(
        GameServerGroupName="one", BalancingStrategy="SPOT_ONLY"
    )
    assert changed["GameServerGroup"]["BalancingStrategy"] == "SPOT_ONLY"
    actions = ["REPLACE_INSTANCE_TYPES"]
    assert (
        fleet.suspend_game_server_group(
            GameServerGroupName="one", SuspendActions=actions
        )["GameServerGroup"]["SuspendedActions"]
        == actions
    )
    assert (
        fleet.resume_game_server_group(GameServerGroupName="one", ResumeActions=actions)[
            "GameServerGroup"
        ]["SuspendedActions"]
        == []
    )
    register(fleet, "one", "server-1")
    fleet.update_game_server(
        GameServerGroupName="one",
        GameServerId="server-1",
        UtilizationStatus="UTILIZED",
    )
    scheduled = fleet.delete_game_server_group(GameServerGroupName="one")
    assert scheduled["GameServerGroup"]["Status"] == "DELETE_SCHEDULED"
    fleet.deregister_game_server(GameServerGroupName="one", GameServerId="server-1")
    error = fails(fleet.describe_game_server_group, GameServerGroupName="one")
    assert error["Code"] == "NotFoundException"


def test_server_from_registration_to_deregistration(fleet, group):
    instance = instances(fleet, group)[0]
    server = {"GameServerGroupName": group, "GameServerId": "server-1"}
    made = fleet.register_game_server(
        **server,
        InstanceId=instance,
        ConnectionInfo="10.0.0.7:7777",
        GameServerData='{"map":"ålesund"}',
    )["GameServer"]
    assert made["UtilizationStatus"] == "AVAILABLE"
    assert "ClaimStatus" not in made
    error = fails(fleet.register_game_server, **server, InstanceId=instance)
    assert error["Code"] == "ConflictException"
    claimed = fleet.claim_game_server(
        GameServerGroupName=group,
        FilterOption={"InstanceStatuses": ["ACTIVE", "DRAINING"]},
    )["GameServer"]
    assert claimed["GameServerId"] == "server-1"
    assert claimed["ClaimStatus"] == "CLAIMED"
    assert claimed["GameServerData"] == '{"map":"ålesund"}'
    error = fails(fleet.claim_game_server, GameServerGroupName=group)
    assert error["Code"] == "OutOfCapacityException"
    error = fails(fleet.claim_game_server, **server)
    assert error["Code"] == "ConflictException"
    used = fleet.update_game_server(
        **server, UtilizationStatus="UTILIZED", HealthCheck="HEALTHY"
    )["GameServer"]
    assert used["UtilizationStatus"] == "UTILIZED"
    assert "ClaimStatus" not in used
    error = fails(fleet.update_game_server, **server, UtilizationStatus="AVAILABLE")
    assert error["Code"] == "InvalidRequestException"
    seen = fleet.describe_game_server(**server)["GameServer"]
    assert seen["ConnectionInfo"] == "10.0.0.7:7777"
    fleet.deregister_game_server(**server)
    error = fails(fleet.describe_game_server, **server)
    assert error["Code"] == "NotFoundException"


def test_pages(fleet, group):
    names = [f"server-{i}" for i in range(7)]
    register(fleet, group, *names)
    for order, expected in (("ASCENDING", names), ("DESCENDING", names[::-1])):
        pages = list(
            fleet.get_paginator("list_game_servers").paginate(
                GameServerGroupName=group,
                SortOrder=order,
                PaginationConfig={"PageSize": 3},
            )
        )
        assert [len(page["GameServers"]) for page in pages] == [3, 3, 1]
        found = [s["GameServerId"] for page in pages for s in page["GameServers"]]
        assert found == expected
    pages = fleet.get_paginator("describe_game_server_instances").paginate(
        GameServerGroupName=group, PaginationConfig={"PageSize": 1}
    )
    assert len(list(pages)) == 2
    listed = fleet.get_paginator("list_game_server_groups").paginate().build_full_result()
    assert group in [g["GameServerGroupName"] for g in listed["GameServerGroups"]]
    error = fails(fleet.list_game_servers, GameServerGroupName=group, NextToken="x")
    assert error["Code"] == "InvalidRequestException"


def test_draining_instances(fleet, group, sandbox):
    register(fleet, group, "server-1")
    instance = instances(fleet, group)[0]
    sandbox.tell("instance", group=group, instance=instance, status="DRAINING")
    only_active = {"InstanceStatuses": ["ACTIVE"]}
    error = fails(
        fleet.claim_game_server, GameServerGroupName=group, FilterOption=only_active
    )
    assert error["Code"] == "OutOfCapacityException"
    error = fails(
        fleet.claim_game_server,
        GameServerGroupName=group,
        GameServerId="server-1",
        FilterOption=only_active,
    )
    assert error["Code"] == "ConflictException"
    claimed = fleet.claim_game_server(GameServerGroupName=group)["GameServer"]
    assert claimed["GameServerId"] == "server-1"


@pytest.mark.parametrize(
    "operation, parameters, words",
    [
        ("DescribeGameServerGroup", {}, "Value null at 'gameServerGroupName'"),
        (
            "DescribeGameServer",
            {"GameServerGroupName": "a b", "GameServerId": "x"},
            "2 validation errors detected",
        ),
        (
            "ListGameServers",
            {"GameServerGroupName": "a", "SortOrder": "UP"},
            "enum value set: [ASCENDING, DESCENDING]",
        ),
        (
            "ListGameServers",
            {"GameServerGroupName": "a", "Limit": 0},
            "value greater than or equal to 1",
        ),
        (
            "RegisterGameServer",
            {
                "GameServerGroupName": "a",
                "GameServerId": "abc",
                "InstanceId": "i-0123456789abcdef0",
                "GameServerData": "s" * 1025,
            },
            "Value at 'gameServerData' failed to satisfy constraint: Member must have "
            "length less than or equal to 1024",
        ),
        (
            "RegisterGameServer",
            {
                "GameServerGroupName": "a",
                "GameServerId": "abc",
                "InstanceId": "i-0123456789abcdef_",
            },
            "regular expression pattern",
        ),
        (
            "CreateGameServerGroup",
            {**GROUP, "GameServerGroupName": "a", "InstanceDefinitions": []},
            "Member must have length greater than or equal to 2",
        ),
    ],
)
def test_violated_constraints_are_named(home, sandbox, operation, parameters, words):
    fleet = sandbox.client(
        "gamelift", config=botocore.config.Config(parameter_validation=False)
    )
    with pytest.raises(fleet.exceptions.InvalidRequestException) as refused:
        fleet._make_api_call(operation, parameters)
    assert words in str(refused.value)


def test_faults(fleet, sandbox):
    sandbox.tell("fault", operation="ListGameServerGroups", times=2)
    for _ in range(2):
        assert fails(fleet.list_game_server_groups)["Code"] == "ThrottlingException"
    fleet.list_game_server_groups()
