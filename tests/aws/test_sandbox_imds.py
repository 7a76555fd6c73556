"""The AWS sandbox's instance metadata, as the service and amazon-ec2-metadata-mock have it."""

import json
import urllib.error
import urllib.request

import pytest


def imds(sandbox, path, method="GET", **headers):
    request = urllib.request.Request(
        sandbox.endpoints["imds"] + path, method=method, headers=headers
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


TTL = "X-aws-ec2-metadata-token-ttl-seconds"


@pytest.mark.parametrize(
    "headers, code",
    [
        ({}, 400),
        ({TTL: "0"}, 400),
        ({TTL: "21601"}, 400),
        ({TTL: "soon"}, 400),
        ({TTL: "21600"}, 200),
        ({TTL: "1"}, 200),
        ({TTL: "60", "X-Forwarded-For": "10.0.0.1"}, 403),
    ],
)
def test_tokens_of_imds(sandbox, headers, code):
    assert imds(sandbox, "/latest/api/token", "PUT", **headers)[0] == code


def test_imds_notices_come_by_script(sandbox):
    token = imds(sandbox, "/latest/api/token", "PUT", **{TTL: "60"})[1]

    def get(path):
        return imds(
            sandbox, "/latest/" + path, **{"X-aws-ec2-metadata-token": token}
        )

    assert imds(sandbox, "/latest/meta-data/instance-id")[0] == 401
    assert "instance-id" in get("meta-data/")[1].split("\n")
    assert get("meta-data/tags/instance") == (200, "Name")
    assert get("meta-data/spot/instance-action")[0] == 404
    sandbox.tell("spot-interruption", seconds=120)
    notice = json.loads(get("meta-data/spot/instance-action")[1])
    assert notice["action"] == "terminate"
    assert get("meta-data/spot/termination-time")[1] == notice["time"]
    sandbox.tell("rebalance")
    assert "noticeTime" in get("meta-data/events/recommendations/rebalance")[1]
    sandbox.tell("scheduled-event", code="instance-retirement")
    events = json.loads(get("meta-data/events/maintenance/scheduled")[1])
    assert [event["Code"] for event in events] == ["instance-retirement"]
    sandbox.tell("target-lifecycle-state", state="Terminated")
    assert get("meta-data/autoscaling/target-lifecycle-state")[1] == "Terminated"
    sandbox.tell("clear-events")
    assert get("meta-data/spot/instance-action")[0] == 404
    sandbox.tell("forget-tokens")
    assert get("meta-data/")[0] == 401
