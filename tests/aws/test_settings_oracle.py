"""Region, endpoint URL and flags: libgsh against botocore over a matrix of files and variables."""

import botocore.exceptions
import botocore.session
import pytest

from probe import environments

CONFIG = """
[default]
region = default-region-1
endpoint_url = http://default

[profile plain]
output = json

[profile full]
region = full-region-1
services = all
endpoint_url = http://profile
use_fips_endpoint = true
use_dualstack_endpoint = TRUE
ca_bundle = /profile.pem

[profile ignoring]
services = all
endpoint_url = http://profile
ignore_configured_endpoint_urls = true

[profile wrong_services]
services = missing

[profile empty]
region =
endpoint_url =

[services all]
auto_scaling =
  endpoint_url = http://services/auto_scaling
gamelift =
  endpoint_url = http://services/gamelift
  region = nowhere
"""
CREDENTIALS = "[full]\nregion = credentials-region-1\n[only_here]\naws_access_key_id = a\n"

SERVICES = {"autoscaling": "Auto Scaling", "gamelift": "GameLift", "sqs": "SQS"}
PROFILES = ["", "default", "plain", "full", "ignoring", "wrong_services", "empty", "only_here", "no"]
# Each variable, and what it may be.
VARIABLES = {
    "AWS_DEFAULT_REGION": [None, "env-region-1"],
    "AWS_ENDPOINT_URL": [None, "", "http://env"],
    "AWS_ENDPOINT_URL_AUTO_SCALING": [None, "http://env/auto_scaling"],
    "AWS_ENDPOINT_URL_GAMELIFT": [None, "http://env/gamelift"],
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": [None, "true", "False"],
}


def botocore_settings(service, profile):
    session = botocore.session.Session(profile=profile or None)
    try:
        config_store = session.get_component("config_store")
        session._add_configured_endpoint_provider(service, config_store)
        ignored = session.get_config_variable("ignore_configured_endpoint_urls")
        url = None if ignored else config_store.get_config_variable("endpoint_url")
        return {
            "region": session.get_config_variable("region") or "",
            "endpoint_url": url or "",
            "fips": bool(session.get_config_variable("use_fips_endpoint")),
            "dual_stack": bool(session.get_config_variable("use_dualstack_endpoint")),
            "ca_file": session.get_config_variable("ca_bundle") or "",
        }
    except (
        botocore.exceptions.ProfileNotFound,
        botocore.exceptions.InvalidConfigError,
    ):
        return "error"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("by_variable", [False, True])
def test_matrix(profile, by_variable, probe, home, monkeypatch):
    (home / ".aws/config").write_text(CONFIG)
    (home / ".aws/credentials").write_text(CREDENTIALS)
    compared = 0
    for env, option in environments(VARIABLES, profile, by_variable, monkeypatch):
        for service, service_id in SERVICES.items():
            theirs = botocore_settings(service, option)
            ours = probe.ask(
                what="settings", id=service_id, profile=option, env={**env, "HOME": str(home)}
            )
            assert ("error" if "error" in ours else ours) == theirs, (service, env)
            compared += 1
    assert compared == 3 * 2 * 3 * 2 * 2 * 3


@pytest.mark.parametrize("name", ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])
@pytest.mark.parametrize("value", ["true", "TRUE", "false"])
def test_flags(name, value, probe, home, monkeypatch):
    monkeypatch.setenv(name, value)
    ours = probe.ask(what="settings", id="SQS", profile="", env={name: value, "HOME": str(home)})
    assert ours == botocore_settings("sqs", "")


def test_where_libgsh_differs(probe, home):
    """AWS_REGION, which the other SDKs know and botocore does not; variables that are empty; flags
    that are neither true nor false."""
    env = {"AWS_REGION": "a-b-1", "AWS_DEFAULT_REGION": "c-d-1", "HOME": str(home)}
    assert probe.ask(what="settings", id="SQS", profile="", env=env)["region"] == "a-b-1"
    (home / ".aws/config").write_text("[default]\nregion = e-f-1\n")
    env = {"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "HOME": str(home)}
    assert probe.ask(what="settings", id="SQS", profile="", env=env)["region"] == "e-f-1"
    env = {"AWS_USE_FIPS_ENDPOINT": "yes", "HOME": str(home)}
    assert "error" in probe.ask(what="settings", id="SQS", profile="", env=env)
