"""What botocore signs, and the AWS sandbox checks."""

import datetime

from aws_sandbox import fails


def test_signatures_are_checked(home, sandbox):
    def code(**options):
        client = sandbox.client("gamelift", **options)
        return fails(client.list_game_server_groups)["Code"]

    assert code(aws_secret_access_key="wrong") == "InvalidSignatureException"
    assert code(aws_access_key_id="AKIANOBODY") == "UnrecognizedClientException"
    assert code(aws_session_token="what?") == "UnrecognizedClientException"
    assert code(region_name="eu-west-1") == "InvalidSignatureException"


def test_tampered_body_and_skewed_clock(home, sandbox, monkeypatch):
    client = sandbox.client("gamelift")

    def tamper(request, **_):
        request.data = request.body = b'{"Limit": 2}'

    client.meta.events.register("before-send.gamelift", lambda request, **_: tamper(request))
    error = fails(client.list_game_server_groups)
    assert error["Code"] == "InvalidSignatureException"

    import botocore.auth

    real = botocore.auth.get_current_datetime

    class Skewed(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return datetime.datetime.utcnow() - datetime.timedelta(hours=1)

    monkeypatch.setattr(
        botocore.auth,
        "get_current_datetime",
        lambda *args, **options: real(*args, **options) - datetime.timedelta(hours=1),
    )
    error = fails(sandbox.client("gamelift").list_game_server_groups)
    assert error["Code"] == "InvalidSignatureException"
    assert "expired" in error["Message"].lower() or "past" in error["Message"].lower()
