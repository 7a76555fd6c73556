"""gsh-aws imds and botocore's fetchers against three metadata services: the sandbox's, MiniStack's and moto's."""

import json
import os
import subprocess
import sys

import botocore.utils
import pytest

from aws_sandbox import Sandbox
from probe import BIN_DIR
from test_real_services import clean_environment, free_port, running


@pytest.fixture(scope="module", params=["sandbox", "ministack", "moto"])
def service(request, tmp_path_factory):
    """Its name and address."""
    log = tmp_path_factory.mktemp(request.param) / "log"
    port = free_port()
    if request.param == "sandbox":
        sandbox = Sandbox()
        yield request.param, sandbox.endpoints["imds"]
        sandbox.close()
    elif request.param == "moto":
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        with running(command, port, log) as url:
            yield request.param, url
    else:
        environment = {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_IMDS_V2_REQUIRED": "1",
            "SERVICES": "iam,sts,ec2,imds",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }
        with running([os.environ["GSH_MINISTACK"]], port, log, **environment) as url:
            yield request.param, url


def imds(service, *words, **environment):
    return subprocess.run(
        [BIN_DIR / "gsh-aws", "imds", *words],
        env={**clean_environment(), "AWS_EC2_METADATA_SERVICE_ENDPOINT": service[1], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def get(service, path):
    answer = imds(service, "get", path)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.rstrip("\n")


def test_facts(service):
    assert get(service, "meta-data/instance-id").startswith("i-")
    assert get(service, "meta-data/placement/region") == "us-east-1"
    if service[0] != "moto":  # which has no availability zone
        fetcher = botocore.utils.InstanceMetadataRegionFetcher(base_url=service[1] + "/")
        assert fetcher.retrieve_region() == "us-east-1"
        assert get(service, "meta-data/placement/availability-zone")[:-1] == "us-east-1"


def test_role(service):
    role = get(service, "meta-data/iam/security-credentials/")
    theirs = botocore.utils.InstanceMetadataFetcher(base_url=service[1] + "/").retrieve_iam_role_credentials()
    assert theirs["role_name"] == role
    ours = json.loads(get(service, f"meta-data/iam/security-credentials/{role}"))
    assert ours.get("Code", "Success") == "Success"  # moto has none
    if service[0] != "ministack":  # which makes new ones for each request
        assert ours["AccessKeyId"] == theirs["access_key"]


def test_what_is_not_there(service):
    answer = imds(service, "spot")
    if service[0] == "moto":  # it fails with 500, which is no all-clear
        assert answer.returncode == 1
        assert "HTTP 500" in answer.stderr
    else:
        assert answer.returncode == 0, answer.stderr
        assert set(json.loads(answer.stdout)) <= {"target_lifecycle_state"}
        missing = imds(service, "get", "meta-data/no-such-thing")
        assert missing.returncode == 1
        assert "NOT_FOUND" in missing.stderr


def test_identity(service):
    if service[0] == "moto":
        pytest.skip("moto has no identity document")
    identity = json.loads(imds(service, "identity").stdout)
    assert identity["region"] == "us-east-1"
    assert identity["instance_id"] == get(service, "meta-data/instance-id")
