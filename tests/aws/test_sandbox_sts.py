"""boto3's sts client, and the roles that profiles and tokens name, against the AWS sandbox."""

import base64
import datetime
import json
import os
import subprocess
import time

import boto3
import botocore.utils
import pytest

from aws_sandbox import KEY, fails
from probe import BIN_DIR

ROLE = {"RoleArn": "arn:aws:iam::210987654321:role/games/director", "RoleSessionName": "match-1"}
ARN = "arn:aws:sts::210987654321:assumed-role/director/"
CONFIG = """
[profile game]
region = us-east-1
role_arn = arn:aws:iam::210987654321:role/games/director
role_session_name = by-profile
external_id = 4711
source_profile = base

[profile chained]
region = us-east-1
role_arn = arn:aws:iam::123456789012:role/second
role_session_name = by-role
source_profile = game
"""


@pytest.fixture
def sts(home, sandbox):
    return sandbox.client("sts")


@pytest.fixture
def surroundings(home, sandbox, monkeypatch):
    """A home with two roles, whose first stands on a user's key."""
    (home / ".aws/config").write_text(CONFIG)
    lines = [f"{name} = {value}" for name, value in KEY.items()]
    (home / ".aws/credentials").write_text("\n".join(["[base]", *lines, ""]))
    monkeypatch.setenv("AWS_ENDPOINT_URL", sandbox.endpoints["services"])
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def session_of(credentials):
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def web_token(**claims):
    claims = {
        "iss": "https://oidc.example/id/1",
        "sub": "system:serviceaccount:games:director",
        "aud": "sts.amazonaws.com",
        "exp": int(time.time()) + 600,
        **claims,
    }
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


def whoami(**environment):
    """What gsh-aws says in the same surroundings."""
    run = subprocess.run(
        [BIN_DIR / "gsh-aws", "whoami"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_who_calls(sts):
    caller = sts.get_caller_identity()
    assert caller["Account"] == "123456789012"
    assert caller["Arn"] == "arn:aws:iam::123456789012:user/sandbox"


def test_a_role(sts, sandbox):
    made = sts.assume_role(**ROLE, DurationSeconds=900, Policy='{"Version": "2012-10-17"}')
    assert made["AssumedRoleUser"]["Arn"] == ARN + "match-1"
    life = made["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert 890 < life.total_seconds() <= 900
    session = session_of(made["Credentials"])
    caller = sandbox.client("sts", **session).get_caller_identity()
    assert caller["Arn"] == ARN + "match-1"
    assert caller["Account"] == "210987654321"
    assert caller["UserId"] == made["AssumedRoleUser"]["AssumedRoleId"]
    sandbox.client("gamelift", **session).list_game_server_groups()
    sandbox.client("sqs", **session).create_queue(QueueName="of-a-role")


def test_its_credentials_need_their_token_and_end(sts, sandbox):
    session = session_of(sts.assume_role(**ROLE)["Credentials"])

    def codes(**options):
        options = {**session, **options}
        return [
            fails(sandbox.client("sts", **options).get_caller_identity)["Code"],
            fails(sandbox.client("gamelift", **options).list_game_server_groups)["Code"],
        ]

    unknown = ["InvalidClientTokenId", "UnrecognizedClientException"]
    assert codes(aws_session_token=None) == unknown
    assert codes(aws_session_token="another") == unknown
    other = session_of(sts.assume_role(**ROLE)["Credentials"])
    assert codes(aws_session_token=other["aws_session_token"]) == unknown
    wrong = ["SignatureDoesNotMatch", "InvalidSignatureException"]
    assert codes(aws_secret_access_key="wrong") == wrong
    sandbox.tell("expire-credentials")
    assert codes() == ["ExpiredToken", "ExpiredTokenException"]
    sts.get_caller_identity()  # a user's key has no end


def test_roles_by_profiles(surroundings, sandbox):
    for profile, arn in (
        ("game", ARN + "by-profile"),
        ("chained", "arn:aws:sts::123456789012:assumed-role/second/by-role"),
    ):
        assert boto3.Session(profile_name=profile).client("sts").get_caller_identity()["Arn"] == arn
        ours = whoami(AWS_PROFILE=profile)
        assert ours["arn"] == arn
        assert "expiration" in ours


def test_roles_by_web_identity(home, surroundings, sandbox, monkeypatch):
    (home / "token").write_text(web_token())
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(home / "token"))
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE["RoleArn"])
    monkeypatch.setenv("AWS_ROLE_SESSION_NAME", "pod-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    assert boto3.Session().client("sts").get_caller_identity()["Arn"] == ARN + "pod-1"
    assert whoami()["arn"] == ARN + "pod-1"


def test_web_identity(sts):
    made = sts.assume_role_with_web_identity(**ROLE, WebIdentityToken=web_token(aud=["a", "b"]))
    assert made["SubjectFromWebIdentityToken"] == "system:serviceaccount:games:director"
    assert made["Audience"] == "a"
    assert made["Provider"] == "https://oidc.example/id/1"
    for token, code in (
        (web_token(exp=int(time.time()) - 1), "ExpiredTokenException"),
        (web_token(sub=None), "InvalidIdentityToken"),
        ("none", "InvalidIdentityToken"),
    ):
        error = fails(sts.assume_role_with_web_identity, **ROLE, WebIdentityToken=token)
        assert error["Code"] == code


def test_what_is_wrong_is_refused(sts, sandbox):
    def code(client=sts, **parameters):
        return fails(client.assume_role, **{**ROLE, **parameters})["Code"]

    assert code(RoleArn="arn:aws:iam::123456789012:user/game") == "ValidationError"
    assert code(RoleSessionName="two words") == "ValidationError"
    assert code(DurationSeconds=43201) == "ValidationError"
    assert code(Policy="{") == "MalformedPolicyDocument"
    of_a_role = sandbox.client("sts", **session_of(sts.assume_role(**ROLE)["Credentials"]))
    assert code(client=of_a_role, DurationSeconds=3601) == "ValidationError"
    of_a_role.assume_role(**ROLE, DurationSeconds=3600)


def test_role_of_the_instance(home, sandbox):
    fetcher = botocore.utils.InstanceMetadataFetcher(base_url=sandbox.endpoints["imds"] + "/")
    role = fetcher.retrieve_iam_role_credentials()
    assert role["role_name"] == "sandbox-role"
    caller = sandbox.client(
        "sts",
        aws_access_key_id=role["access_key"],
        aws_secret_access_key=role["secret_key"],
        aws_session_token=role["token"],
    ).get_caller_identity()
    assert caller["Arn"].endswith(":assumed-role/sandbox-role/i-0123456789abcdef0")
    region = botocore.utils.InstanceMetadataRegionFetcher(
        base_url=sandbox.endpoints["imds"] + "/"
    )
    assert region.retrieve_region() == "us-east-1"
