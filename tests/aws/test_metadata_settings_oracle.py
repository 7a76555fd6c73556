"""Where the metadata service is and how it is asked: libgsh against botocore over a matrix of files and variables."""

import urllib.parse

import botocore.credentials
import botocore.exceptions
import botocore.session
import pytest

from probe import environments

CONFIG = """
[default]
metadata_service_timeout = 2

[profile all]
ec2_metadata_service_endpoint = http://127.0.0.1:1338/a/
ec2_metadata_service_endpoint_mode = ipv6
ec2_metadata_v1_disabled = true
metadata_service_timeout = 7
metadata_service_num_attempts = 4

[profile six]
ec2_metadata_service_endpoint_mode = IPv6
imds_use_ipv6 = false

[profile old]
imds_use_ipv6 = TRUE

[profile wrong]
ec2_metadata_service_endpoint_mode = both

[profile wrong_number]
metadata_service_num_attempts = many
"""

PROFILES = ["", "all", "six", "old", "wrong", "wrong_number", "no"]
# Each variable, and what it may be.
VARIABLES = {
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": [None, "http://[::1]:99"],
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": [None, "IPv4"],
    "AWS_IMDS_USE_IPV6": [None, "true"],
    "AWS_EC2_METADATA_V1_DISABLED": [None, "True", "false"],
    "AWS_METADATA_SERVICE_TIMEOUT": [None, "8"],
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS": [None, "5"],
}
# botocore tries once.
OUR_DEFAULT = {
    "metadata_service_num_attempts": (
        "metadata_service_num_attempts",
        "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
        3,
        int,
    )
}


def botocore_settings(profile):
    session = botocore.session.Session(profile=profile or None, session_vars=OUR_DEFAULT)
    try:
        session.get_scoped_config()  # a profile that is not there is noticed even if nothing is looked up in it
        provider = botocore.credentials.create_credential_resolver(session).get_provider("iam-role")
    except (
        botocore.exceptions.ProfileNotFound,
        botocore.exceptions.InvalidIMDSEndpointModeError,
        ValueError,
    ):
        return "error"
    fetcher = provider._role_fetcher
    url = urllib.parse.urlsplit(fetcher.get_base_url())
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    return {
        "url": f"{url.scheme}://{host}:{url.port or 80}{url.path.rstrip('/')}",
        "timeout": fetcher._timeout,
        "attempts": fetcher._num_attempts,
        "v1_disabled": bool(fetcher._imds_v1_disabled),
        "disabled": fetcher._disabled,
    }


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("by_variable", [False, True])
def test_matrix(profile, by_variable, probe, home, monkeypatch):
    (home / ".aws/config").write_text(CONFIG)
    compared = 0
    for env, option in environments(VARIABLES, profile, by_variable, monkeypatch):
        theirs = botocore_settings(option)
        ours = probe.ask(what="metadata", profile=option, env={**env, "HOME": str(home)})
        assert ("error" if "error" in ours else ours) == theirs, (profile, env)
        compared += 1
    assert compared == 2 * 2 * 2 * 3 * 2 * 2


@pytest.mark.parametrize("value", ["true", "TRUE", "false", "1", "no"])
def test_switched_off(value, probe, home, monkeypatch):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", value)
    env = {"AWS_EC2_METADATA_DISABLED": value, "HOME": str(home)}
    assert probe.ask(what="metadata", profile="", env=env) == botocore_settings("")


def test_where_libgsh_differs(probe, home):
    """Flags that are neither true nor false, numbers below 1 and variables that are empty."""

    def ask(config="", **variables):
        (home / ".aws/config").write_text("[default]\n" + config)
        return probe.ask(what="metadata", profile="", env={**variables, "HOME": str(home)})

    assert "error" in ask(AWS_EC2_METADATA_V1_DISABLED="yes")
    assert "error" in ask(AWS_METADATA_SERVICE_TIMEOUT="0")
    assert "error" in ask("metadata_service_num_attempts = 0\n")
    assert ask("metadata_service_timeout = 4\n", AWS_METADATA_SERVICE_TIMEOUT="")["timeout"] == 4
