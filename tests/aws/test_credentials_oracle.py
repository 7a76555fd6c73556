"""Which source of credentials is taken: libgsh against botocore over files and environments.

botocore runs its own chain; what would leave the machine (STS, containers, IMDS, processes) is
replaced by recorders, so that both sides tell the calls that lead to credentials.
"""

import random

import botocore.credentials
import botocore.exceptions
import botocore.session
import pytest
from botocore.compat import compat_shell_split

FAR = "2099-01-01T00:00:00Z"


class Recorder:
    """Stands for all that botocore asks; remembers the calls in order."""

    def __init__(self, monkeypatch):
        self.calls = []
        patch = monkeypatch.setattr
        patch(botocore.credentials, "create_nested_client", self.client)
        patch(
            botocore.credentials.ProcessProvider,
            "_retrieve_credentials_using",
            lambda provider, command: self.process(command),
        )
        patch(
            botocore.credentials.ContainerMetadataFetcher,
            "retrieve_full_uri",
            lambda fetcher, url, headers=None: self.container(fetcher, url, headers),
        )
        patch(
            botocore.credentials.InstanceMetadataFetcher,
            "retrieve_iam_role_credentials",
            lambda fetcher: self.instance(),
        )

    def client(self, session, service, **kwargs):
        recorder = self

        class Client:
            def assume_role(self, **role):
                if kwargs["aws_access_key_id"].startswith("AK"):
                    recorder.calls.append(
                        {
                            "keys": kwargs["aws_access_key_id"],
                            "secret": kwargs["aws_secret_access_key"],
                            "token": kwargs["aws_session_token"] or "",
                        }
                    )
                recorder.calls.append(
                    {
                        "role": role["RoleArn"],
                        "session": recorder.session_name(role),
                        "external_id": role.get("ExternalId", ""),
                        "duration": role.get("DurationSeconds", 0),
                    }
                )
                return recorder.credentials()

            def assume_role_with_web_identity(self, **role):
                recorder.calls.append(
                    {
                        "web_identity": role["WebIdentityToken"],
                        "role": role["RoleArn"],
                        "session": recorder.session_name(role),
                    }
                )
                return recorder.credentials()

        return Client()

    @staticmethod
    def session_name(role):
        name = role["RoleSessionName"]
        return "" if name.startswith("botocore-session-") else name

    @staticmethod
    def credentials():
        given = {"AccessKeyId": "given", "SecretAccessKey": "s", "SessionToken": "t"}
        return {"Credentials": {**given, "Expiration": FAR}}

    @staticmethod
    def flat():
        return {
            "access_key": "given",
            "secret_key": "s",
            "token": "t",
            "expiry_time": FAR,
            "account_id": None,
        }

    def process(self, command):
        self.calls.append({"process": compat_shell_split(command)})
        return self.flat()

    def container(self, fetcher, url, headers):
        fetcher._validate_allowed_url(url)
        self.calls.append({"container": url, "token": (headers or {}).get("Authorization", "")})
        return {"AccessKeyId": "given", "SecretAccessKey": "s", "Token": "t", "Expiration": FAR}

    def instance(self):
        self.calls.append("instance")
        return {**self.flat(), "role_name": "r"}


def botocore_calls(profile, monkeypatch):
    with monkeypatch.context() as patch:
        recorder = Recorder(patch)
        # The token is not read: the probe tells its file.
        patch.setattr(
            botocore.credentials.FileWebIdentityTokenLoader,
            "__call__",
            lambda loader: loader._web_identity_token_path,
        )
        session = botocore.session.Session(profile=profile or None)
        try:
            session.get_scoped_config()
            found = session.get_credentials()
            frozen = found.get_frozen_credentials()
        except (botocore.exceptions.BotoCoreError, ValueError):
            return "error"
        if frozen.access_key.startswith("AK"):
            recorder.calls.append(
                {"keys": frozen.access_key, "secret": frozen.secret_key, "token": frozen.token or ""}
            )
        return recorder.calls


def our_calls(probe, env, profile):
    answer = probe.ask(what="plan", env=env, profile=profile)
    if "error" in answer:
        return "error"
    for call in answer["calls"]:
        if isinstance(call, dict):
            call.pop("account", None)
    return answer["calls"]


def compare(probe, home, monkeypatch, env, profile):
    with monkeypatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        theirs = botocore_calls(profile, monkeypatch)
    ours = our_calls(probe, {**env, "HOME": str(home)}, profile)
    assert ours == theirs, (env, profile)
    return theirs


def write(home, config, credentials=""):
    (home / ".aws/config").write_text(config)
    (home / ".aws/credentials").write_text(credentials)


ROLE = "role_arn = arn:aws:iam::123456789012:role/{}\n"
KEYS = "aws_access_key_id = AK{0}\naws_secret_access_key = secret{0}\n"
CASES = {
    "static in config": ("[default]\n" + KEYS.format("c"), ""),
    "static in both": ("[default]\n" + KEYS.format("c"), "[default]\n" + KEYS.format("s")),
    "keys in two files": ("[default]\naws_access_key_id=AK1\n", "[default]\naws_secret_access_key=x\n"),
    "half": ("[default]\naws_access_key_id=AK1\n", ""),
    "tokens": ("[default]\n" + KEYS.format("c") + "aws_session_token=t1\naws_security_token=t2\n", ""),
    "process before config": ("[default]\n" + KEYS.format("c") + "credential_process=a 'b c'\n", ""),
    "process after file": ("[default]\ncredential_process = a\n", "[default]\n" + KEYS.format("s")),
    "role before keys": (
        "[default]\nsource_profile = b\n" + ROLE.format("a") + KEYS.format("c") + "[profile b]\n" + KEYS.format("b"),
        "",
    ),
    "role of itself": ("[default]\nsource_profile = default\n" + ROLE.format("a") + KEYS.format("c"), ""),
    "role of itself without keys": ("[default]\nsource_profile = default\n" + ROLE.format("a"), ""),
    "chain": (
        "[default]\nsource_profile = b\nrole_session_name = me\nexternal_id = x\nduration_seconds = 900\n"
        + ROLE.format("a")
        + "[profile b]\nsource_profile = c\n"
        + ROLE.format("b")
        + "[profile c]\ncredential_process = p\n",
        "",
    ),
    "loop": (
        "[default]\nsource_profile = b\n" + ROLE.format("a") + "[profile b]\nsource_profile = default\n" + ROLE.format("b"),
        "",
    ),
    "loop with keys": (
        "[default]\nsource_profile = b\n"
        + ROLE.format("a")
        + "[profile b]\nsource_profile = default\n"
        + ROLE.format("b")
        + KEYS.format("b"),
        "",
    ),
    "role of environment": ("[default]\ncredential_source = Environment\n" + ROLE.format("a"), ""),
    "role of container": ("[default]\ncredential_source = EcsContainer\n" + ROLE.format("a"), ""),
    "role of instance": ("[default]\ncredential_source = Ec2InstanceMetadata\n" + ROLE.format("a"), ""),
    "role of nonsense": ("[default]\ncredential_source = environment\n" + ROLE.format("a"), ""),
    "both sources": ("[default]\ncredential_source=Environment\nsource_profile=x\n" + ROLE.format("a"), ""),
    "no source": ("[default]\n" + ROLE.format("a"), ""),
    "missing source": ("[default]\nsource_profile = x\n" + ROLE.format("a"), ""),
    "empty source": ("[default]\nsource_profile = x\n" + ROLE.format("a") + "[profile x]\nregion=r\n", ""),
    "web identity": ("[default]\nweb_identity_token_file = /t\nrole_session_name=me\n" + ROLE.format("w"), ""),
    "web identity as source": (
        "[default]\nsource_profile = w\n" + ROLE.format("a") + "[profile w]\nweb_identity_token_file = /t\n" + ROLE.format("w"),
        "",
    ),
    "web identity without role": ("[default]\nweb_identity_token_file = /t\n", ""),
    "nothing": ("", ""),
}
ENVIRONMENTS = {
    "none": {},
    "keys": {"AWS_ACCESS_KEY_ID": "AKe", "AWS_SECRET_ACCESS_KEY": "e"},
    "keys and token": {
        "AWS_ACCESS_KEY_ID": "AKe",
        "AWS_SECRET_ACCESS_KEY": "e",
        "AWS_SESSION_TOKEN": "t1",
        "AWS_SECURITY_TOKEN": "",
    },
    "half": {"AWS_ACCESS_KEY_ID": "AKe"},
    "secret alone": {"AWS_SECRET_ACCESS_KEY": "e"},
    "web": {"AWS_WEB_IDENTITY_TOKEN_FILE": "/e", "AWS_ROLE_ARN": "arn:aws:iam::1:role/e"},
    "web and name": {
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/e",
        "AWS_ROLE_ARN": "arn:aws:iam::1:role/e",
        "AWS_ROLE_SESSION_NAME": "pod",
    },
    "web without role": {"AWS_WEB_IDENTITY_TOKEN_FILE": "/e"},
    "ecs": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1?a=b"},
    "eks": {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "jwt",
    },
    "both containers": {
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/y",
    },
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_order(case, environment, probe, home, monkeypatch):
    write(home, *CASES[case])
    env = ENVIRONMENTS[environment]
    for profile, further in (("", {}), ("default", {}), ("", {"AWS_PROFILE": "default"})):
        compare(probe, home, monkeypatch, {**env, **further}, profile)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:80/a",
        "http://127.9.9.9/a",
        "http://localhost/a",
        "http://[::1]:8080/a",
        "http://[fd00:ec2::23]/v1",
        "http://169.254.170.2/v2",
        "https://example.com/a",
        "http://example.com/a",
        "http://169.254.170.20/a",
        "http://169.254.169.254/a",
        "http://169.254.170.2.example.com/a",
        "http://localhost.example.com/a",
    ],
)
def test_container_hosts(url, probe, home, monkeypatch):
    compare(probe, home, monkeypatch, {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url}, "")


def test_other_schemes_are_refused(probe, home):
    env = {"HOME": str(home), "AWS_CONTAINER_CREDENTIALS_FULL_URI": "ftp://localhost/a"}
    assert our_calls(probe, env, "") == "error"


@pytest.mark.parametrize(
    "path", ["@example.com/", ".example.com/", ":80@example.com/", "\\@example.com/", "//x", "x"]
)
def test_relative_uris_that_are_none_are_refused(path, probe, home):
    env = {"HOME": str(home), "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": path}
    assert our_calls(probe, env, "") == "error"


LINES = [
    ROLE.format("r"), ROLE.format("q"), "aws_access_key_id = AKx\n", "aws_secret_access_key = x\n",
    "aws_session_token = t\n", "source_profile = {}\n", "source_profile = {}\n",
    "credential_source = Environment\n", "credential_source = EcsContainer\n",
    "credential_process = run '{} x'\n", "web_identity_token_file = /{}\n", "external_id = {}\n",
    "role_session_name = {}\n", "duration_seconds = 1000\n", "region = {}\n",
]


def test_random(probe, home, monkeypatch):
    chance = random.Random(6)
    names = ["default", "a", "b", "c"]
    outcomes = {}
    for _ in range(500):
        files = {}
        for file in ("config", "credentials"):
            text = ""
            for name in chance.sample(names, chance.randrange(1, 5)):
                section = f"profile {name}" if file == "config" and name != "default" else name
                count = chance.randrange(6) if file == "config" else chance.choice([0, 0, 2, 3])
                few = LINES if file == "config" else LINES[2:5]
                lines = chance.sample(few, min(count, len(few)))
                kept = {line.split()[0]: line for line in lines}
                text += f"[{section}]\n" + "".join(
                    line.replace("{}", chance.choice(names)) for line in kept.values()
                )
            files[file] = text
        write(home, files["config"], files["credentials"])
        env = dict(chance.choice(list(ENVIRONMENTS.values()))) if chance.random() < 0.4 else {}
        profile = chance.choice(["", "", *names])
        try:
            got = compare(probe, home, monkeypatch, env, profile)
        except AssertionError:
            print(files["config"], "----", files["credentials"])
            raise
        kind = got if got == "error" else str([list(c)[0] if isinstance(c, dict) else c for c in got])
        outcomes[kind] = outcomes.get(kind, 0) + 1
    print(outcomes)
    assert len(outcomes) > 6
