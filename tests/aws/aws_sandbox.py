"""The AWS sandbox as a process, and boto3's clients of it."""

import json
import subprocess
import urllib.request

import boto3
import botocore.config
import botocore.exceptions
import pytest

from probe import BIN_DIR

KEY = {
    "aws_access_key_id": "AKIASANDBOX000000000",
    "aws_secret_access_key": "sandbox-secret",
}
GROUP = {
    "RoleArn": "arn:aws:iam::123456789012:role/fleetiq",
    "MinSize": 2,
    "MaxSize": 5,
    "LaunchTemplate": {"LaunchTemplateName": "game-node"},
    "InstanceDefinitions": [
        {"InstanceType": "c5.large"},
        {"InstanceType": "c6g.large", "WeightedCapacity": "2"},
    ],
}


class Sandbox:
    def __init__(self):
        self.process = subprocess.Popen(
            [BIN_DIR / "gsh_aws_sandbox_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.endpoints = json.loads(self.process.stdout.readline())

    def client(self, service, **options):
        options = {"region_name": "us-east-1", **KEY, **options}
        options.setdefault(
            "config", botocore.config.Config(retries={"total_max_attempts": 1})
        )
        return boto3.client(
            service, endpoint_url=self.endpoints["services"], **options
        )

    def tell(self, command, **values):
        request = urllib.request.Request(
            f"{self.endpoints['services']}/_sandbox/{command}",
            json.dumps(values).encode(),
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(timeout=20) == 0
        self.process.stdout.close()


def fails(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as failed:
        call(**parameters)
    return failed.value.response["Error"]
