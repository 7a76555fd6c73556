"""The clients against services that others wrote: moto and MiniStack, both with authentication on.

gsh_aws_real_services_test (in $GSH_BIN_DIR) has the tests. This starts the services, makes what the tests ask for, runs
each test, and looks at what CloudWatch has got. $GSH_MINISTACK is MiniStack's program: it needs a virtual environment
of its own, since its dependencies and moto's do not go together.
"""

import contextlib
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import urllib.request

import boto3
import pytest

from probe import BIN_DIR
from processes import clean_environment, free_port, running

PROGRAM = BIN_DIR / "gsh_aws_real_services_test"
REGION = "us-east-1"
ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


@dataclasses.dataclass
class Service:
    url: str
    key: dict
    environment: dict

    def client(self, name):
        return boto3.client(name, endpoint_url=self.url, region_name=REGION, **self.key)


def prepare(url):
    """A user who may do everything, two queues, a group of two instances."""
    service = Service(url, {"aws_access_key_id": "test", "aws_secret_access_key": "test"}, {})
    iam = service.client("iam")
    iam.create_user(UserName="tester")
    iam.put_user_policy(UserName="tester", PolicyName="all", PolicyDocument=ALLOW_ALL)
    key = iam.create_access_key(UserName="tester")["AccessKey"]
    service.key = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    sqs = service.client("sqs")
    sqs.create_queue(QueueName="queue")
    sqs.create_queue(QueueName="queue.fifo", Attributes={"FifoQueue": "true"})
    scaling = service.client("autoscaling")
    scaling.create_launch_configuration(
        LaunchConfigurationName="launch", ImageId="ami-12345678", InstanceType="t2.micro"
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="group",
        LaunchConfigurationName="launch",
        MinSize=2,
        MaxSize=2,
        AvailabilityZones=["us-east-1a"],
    )
    scaling.put_lifecycle_hook(
        LifecycleHookName="hook",
        AutoScalingGroupName="group",
        LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
    )
    service.environment = {
        "GSH_AWS_ENDPOINT": url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "GSH_AWS_QUEUE": "queue",
        "GSH_AWS_FIFO_QUEUE": "queue.fifo",
        "GSH_AWS_GROUP": "group",
    }
    return service


@contextlib.contextmanager
def moto(folder):
    port = free_port()
    program = pathlib.Path(sys.executable).parent / "moto_server"
    with running([program, "-H", "127.0.0.1", "-p", str(port)], port, folder / "moto.log") as url:
        service = prepare(url)
        # From now on signatures and policies count.
        request = urllib.request.Request(
            f"{url}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}, method="POST"
        )
        urllib.request.urlopen(request).close()
        yield service


@contextlib.contextmanager
def ministack(folder):
    port = free_port()
    with running(
        [os.environ.get("GSH_MINISTACK", "ministack")],
        port,
        folder / "ministack.log",
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(port),
        AUTH="true",
        SERVICES="iam,sts,sqs,autoscaling,cloudwatch,ec2",
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
    ) as url:
        service = prepare(url)
        service.environment |= {"GSH_AWS_HOOK": "hook", "GSH_AWS_CHECKS_CLOCK": "1"}
        yield service


@pytest.fixture(scope="module", params=[moto, ministack], ids=["moto", "ministack"])
def service(request, tmp_path_factory):
    with request.param(tmp_path_factory.mktemp("service")) as made:
        yield made


def all_tests():
    lines = subprocess.run(
        [PROGRAM, "--gtest_list_tests"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    suite, tests = "", []
    for line in lines:
        if match := re.match(r"(\w+\.)$", line):
            suite = match[1]
        elif match := re.match(r"  (\w+)", line):
            tests.append(suite + match[1])
    return tests


@pytest.mark.timeout(120)
@pytest.mark.parametrize("test", all_tests())
def test_client(service, test):
    environment = {**clean_environment(), "HOME": "/nonexistent", **service.environment}
    run = subprocess.run([PROGRAM, f"--gtest_filter={test}"], env=environment, capture_output=True, text=True)
    if "[  SKIPPED ]" in run.stdout:
        pytest.skip(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "[  PASSED  ] 1 test." in run.stdout


def test_metrics_have_come(service):
    """After RealCloudWatch.TakesMetrics."""
    metrics = {}
    for page in service.client("cloudwatch").get_paginator("list_metrics").paginate(Namespace="libgsh"):
        for metric in page["Metrics"]:
            metrics.setdefault(metric["MetricName"], set()).update(d["Value"] for d in metric["Dimensions"])
    assert metrics == {"players": {"f 0", "f 1", "f 2"}, "wait": set(), "ping": set()}
