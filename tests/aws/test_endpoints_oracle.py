"""Endpoints: libgsh against botocore's endpoint rules, for every region, FIPS and dual stack."""

import itertools

import botocore.exceptions
import botocore.session
import pytest

SERVICES = {
    "gamelift": ("GameLift", "gamelift"),
    "sqs": ("SQS", "sqs"),
    "sts": ("STS", "sts"),
    "autoscaling": ("Auto Scaling", "autoscaling"),
    "cloudwatch": ("CloudWatch", "monitoring"),
}
# Names of no region there is: what the patterns of the partitions say of them.
UNKNOWN = [
    "us-new-1",
    "cn-middle-12",
    "us-gov-north-3",
    "us-isob-far-2",
    "eu-isoe-a-1",
    "eusc-de-west-7",
    "mars-1",
    "us-gov",
    "xx-east-1",
    "us-east-1a",
    "local",
]


def regions(session):
    partitions = session.get_component("endpoint_resolver")._endpoint_data["partitions"]
    known = {r for partition in partitions for r in partition["regions"]}
    rules = session.get_component("data_loader").load_data("partitions")["partitions"]
    known |= {r for partition in rules for r in partition["regions"]}
    return sorted(known) + UNKNOWN


def botocore_endpoint(rules, region, fips, dual_stack):
    try:
        found = rules.resolve_endpoint(
            Region=region, UseFIPS=fips, UseDualStack=dual_stack
        )
    except botocore.exceptions.EndpointProviderError as error:
        return {"error": str(error)}
    schemes = found.properties.get("authSchemes", [{}])
    return {
        "url": found.url,
        "signing_region": schemes[0].get("signingRegion", region),
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_region(service, probe, home):
    from botocore.endpoint_provider import EndpointProvider

    session = botocore.session.Session()
    loader = session.get_component("data_loader")
    rules = EndpointProvider(
        loader.load_service_model(service, "endpoint-rule-set-1"),
        loader.load_data("partitions"),
    )
    service_id, prefix = SERVICES[service]
    compared = 0
    for region, fips, dual_stack in itertools.product(
        regions(session), (False, True), (False, True)
    ):
        ours = probe.ask(
            what="endpoint",
            id=service_id,
            prefix=prefix,
            region=region,
            fips=fips,
            dual_stack=dual_stack,
        )
        theirs = botocore_endpoint(rules, region, fips, dual_stack)
        assert ours == theirs, (region, fips, dual_stack)
        compared += 1
    print(f"{service}: {compared} endpoints")
    assert compared >= 4 * (55 + len(UNKNOWN))


@pytest.mark.parametrize(
    "region",
    ["", "a.b", "evil.com/", "x@evil", "-a", "a-", "1234", "a" * 64, "a b", "é", "a\n", "a_b"],
)
def test_names_that_botocore_refuses_are_refused(region, probe, home):
    session = botocore.session.Session()
    with pytest.raises(Exception):
        session.create_client(
            "sqs", region_name=region, aws_access_key_id="a", aws_secret_access_key="b"
        )
    ours = probe.ask(
        what="endpoint", id="SQS", prefix="sqs", region=region, fips=False, dual_stack=False
    )
    assert "error" in ours
