"""Our signatures against botocore's, byte for byte, over generated requests.

`gsh-aws sign` (in $GSH_BIN_DIR) signs what botocore signs here: header and URL, with and without a session token, with
unsigned payloads, and by S3's rules. The requests come from a fixed seed; GSH_SEED takes another, GSH_COUNT their
number for each kind.
"""

import datetime
import json
import os
import random
import subprocess
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest

from probe import BIN_DIR

SEED = int(os.environ.get("GSH_SEED", "20261122"))
COUNT = int(os.environ.get("GSH_COUNT", "300"))

# Never signed; botocore leaves them out, too.
UNSIGNED = ["User-Agent", "expect", "X-Amzn-Trace-Id", "Connection", "TE", "traceparent", "Transfer-Encoding"]
TOKEN_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
TEXT = TOKEN_CHARACTERS + " -_.~!$&'()*+,;=:@/?%#\"<>[]{}|\\^`éß日本🎮"


def word(rng, characters, least, most):
    return "".join(rng.choice(characters) for _ in range(rng.randint(least, most)))


def path_of(rng):
    """Percent-encoded, as a client sends it; dot segments and double slashes, but no dot segment at the end.

    There the two differ: botocore makes "/a/b/.." "/a", RFC 3986 (and we) "/a/".
    """
    segments = []
    for _ in range(rng.randint(0, 5)):
        kind = rng.randrange(8)
        if kind == 0:
            segments.append(rng.choice([".", "..", ""]))
        elif kind == 1:
            segments.append(word(rng, TOKEN_CHARACTERS + "@:,;=$&'()*!+", 1, 6))
        else:
            segments.append(urllib.parse.quote(word(rng, TEXT, 1, 8), safe=""))
    if segments and segments[-1] in (".", "..", ""):
        segments.append("end")
    return "/" + "/".join(segments) + ("/" if segments and rng.random() < 0.3 else "")


def query_of(rng, repeat):
    pairs = [(word(rng, TEXT, 1, 6), word(rng, TEXT, 0, 8)) for _ in range(rng.choice([0, 0, 1, 2, 5]))]
    if repeat and pairs:
        pairs += [(pairs[0][0], word(rng, TEXT, 0, 3)), (pairs[0][0] + "-", ""), (pairs[0][0] + "0", "=")]
    else:
        pairs = list(dict(pairs).items())
    return "&".join(f"{urllib.parse.quote(k, safe='-_.~')}={urllib.parse.quote(v, safe='-_.~')}" for k, v in pairs)


def headers_of(rng):
    headers = []
    for _ in range(rng.randint(0, 6)):
        name = word(rng, TOKEN_CHARACTERS, 1, 4) + rng.choice(["", "-X", "_a", ".b"])
        value = word(rng, TEXT + "  \t", 0, 20)
        headers += [(name, value)] * rng.choice([1, 1, 1, 2])
        if rng.random() < 0.2:
            headers.append((name.swapcase(), word(rng, TEXT, 0, 9)))
    if rng.random() < 0.5:
        headers.append(("X-Amz-Target", "GameLift." + word(rng, TOKEN_CHARACTERS, 3, 20)))
    if rng.random() < 0.5:
        headers.append(("Content-Type", "application/x-amz-json-1." + rng.choice("01")))
    headers += [(name, "x") for name in rng.sample(UNSIGNED, rng.randint(0, 2))]
    rng.shuffle(headers)
    return headers


def request_of(rng, presigned):
    moment = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
    moment += datetime.timedelta(seconds=rng.randrange(60 * 365 * 24 * 3600))
    request = {
        "method": rng.choice(["GET", "POST", "PUT", "DELETE", "HEAD"]),
        "host": rng.choice(["sqs.eu-west-1.amazonaws.com", "127.0.0.1:4566", "[::1]:8080", "localhost"]),
        "path": path_of(rng),
        "query": query_of(rng, repeat=not presigned),
        "headers": headers_of(rng),
        # botocore moves the body of a presigned request into the URL.
        "body": "" if presigned else rng.choice(["", word(rng, TEXT + "\n", 1, 200), word(rng, TEXT, 1000, 3000)]),
        "region": rng.choice(["eu-west-1", "us-gov-east-1", "cn-north-1", "local"]),
        "service": rng.choice(["gamelift", "sqs", "sts", "monitoring", "autoscaling"]),
        "time": moment.strftime("%Y%m%dT%H%M%SZ"),
        "access_key_id": "AKIA" + word(rng, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16, 16),
        "secret_access_key": word(rng, TOKEN_CHARACTERS + "/+", 40, 40),
        "session_token": word(rng, TOKEN_CHARACTERS + "/+=", 100, 900) if rng.random() < 0.5 else "",
    }
    if presigned:
        request["presign"] = rng.choice([1, 60, 900, 3600, 604800, rng.randint(1, 604800)])
    return request


def sign_by_botocore(monkeypatch, request, kind):
    moment = datetime.datetime.strptime(request["time"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: moment)
    credentials = botocore.credentials.Credentials(
        request["access_key_id"], request["secret_access_key"], request["session_token"] or None)
    url = f"https://{request['host']}{request['path']}" + (f"?{request['query']}" if request["query"] else "")
    theirs = botocore.awsrequest.AWSRequest(request["method"], url, data=request["body"].encode())
    for name, value in request["headers"]:
        theirs.headers[name] = value
    if kind == "unsigned_payload":
        theirs.context["payload_signing_enabled"] = False
    signer = {"query": botocore.auth.SigV4QueryAuth, "s3": botocore.auth.S3SigV4Auth,
              "s3_query": botocore.auth.S3SigV4QueryAuth}.get(kind, botocore.auth.SigV4Auth)
    more = {"expires": request["presign"]} if "presign" in request else {}
    signer(credentials, request["service"], request["region"], **more).add_auth(theirs)
    return theirs


def sign_by_gsh(requests):
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    run = subprocess.run([BIN_DIR / "gsh-aws", "sign"], input=lines.encode(), capture_output=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout.decode()[:2000] + run.stderr.decode()[:2000]
    return [json.loads(line) for line in run.stdout.splitlines()]


OPTIONS = {
    "headers": {},
    "unsigned_payload": {"unsigned_payload": True},
    "query": {},
    "s3": {"normalize_path": False, "encode_path_twice": False, "content_sha256_header": True},
    "s3_query": {"normalize_path": False, "encode_path_twice": False, "unsigned_payload": True},
}


@pytest.mark.parametrize("kind", OPTIONS)
def test_signatures_are_botocores(kind, monkeypatch):
    rng = random.Random(f"{SEED} {kind}")
    presigned = kind in ("query", "s3_query")
    requests = [request_of(rng, presigned) | OPTIONS[kind] for _ in range(COUNT)]
    if kind.startswith("s3"):
        for request in requests:  # S3 reads paths as they are: here are none that two readers could read differently
            request["path"] = urllib.parse.quote(urllib.parse.unquote(request["path"]), safe="/~")
    answers = sign_by_gsh(requests)
    assert len(answers) == COUNT
    for request, ours in zip(requests, answers, strict=True):
        theirs = sign_by_botocore(monkeypatch, request, kind)
        if presigned:
            assert ours == {"url": theirs.url}, request
            continue
        assert ours["headers"][0] == ["authorization", theirs.headers["Authorization"]], request
        for name, value in ours["headers"]:
            assert theirs.headers[name] == value, (name, request)
        added = {name.lower() for name in theirs.headers} - {name.lower() for name, _ in request["headers"]}
        assert added == {name for name, _ in ours["headers"]}, request
