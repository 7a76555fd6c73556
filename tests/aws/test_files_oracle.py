"""The shared config files: libgsh against botocore, on written and on random files."""

import random

import botocore.configloader
import botocore.exceptions
import botocore.session
import pytest

WRITTEN = {
    "usual": "[default]\nregion = eu-west-1\n[profile game]\nregion=us-east-1\n",
    "colons": "[default]\nregion: eu-west-1\nendpoint_url = http://h:1/a=b\n",
    "comments": "# a\n; b\n[default]\n  # c\nregion = x # y\n ; d\noutput = a;b\n",
    "nested": "[default]\ns3 =\n  addressing_style = path\n\n  max = 3\nregion = r\n",
    "nested_comment": "[default]\ns3 =\n  a = b\n# no\n  c = d = e\n",
    "nested_bad": "[default]\ns3 =\n  no equals\n",
    "continued": "[default]\ncredential_process = a\n  b\n\n  c\nregion = r\n",
    "continued_section": "[default]\nregion = r\n  [profile x]\noutput = json\n",
    "indented": "  [default]\n  region = r\n    more\n  output = o\nlast = l\n",
    "crlf": "[default]\r\nregion = r\r\ns3 =\r\n  a = b\r\n",
    "cr": "[default]\rregion = r\r",
    "twice": "[default]\na=1\n[default]\nb=2\n",
    "key_twice": "[default]\na=1\nA=2\n",
    "defaults": "[DEFAULT]\nregion = r\n[default]\na = 1\n[profile x]\nregion = s\n",
    "quotes": "[profile \"a b\"]\nx=1\n[profile 'c']\nx=2\n[profile d e]\nx=3\n[profile \"f]\nx=4\n",
    "near_names": "[profilex y]\na=1\n[profiles]\nb=2\n[profile]\nc=3\n[other]\nd=4\n",
    "default_twice": "[default]\na=1\n[profile default]\nb=2\n",
    "default_after": "[profile default]\nb=2\n[default]\na=1\n",
    "services": "[services s]\ngamelift =\n  endpoint_url = http://x\n[sso-session q]\na=b\n",
    "brackets": "[profile a]b] c\nx=1\n[]\n",
    "no_section": "a = 1\n",
    "no_delimiter": "[default]\nregion\n",
    "no_key": "[default]\n= r\n",
    "empty_value": "[default]\nregion =\nb = 1\n",
    "empty_end": "[default]\nregion =",
    "empty": "",
    "blanks": "\n \n\t\n",
    "tabs": "[default]\n\tregion\t=\tr\t\n\t\tmore\t\n",
    "escapes": "[profile a\\ b]\nx=1\n[profile \"a\\\"b\"]\nx=2\n[profile 'a\\b']\nx=3\n",
    "utf8": "[profile é]\nname = ü\n",
    "upper_keys": "[default]\nRegion = r\nS3 =\n  Style = P\n",
}


def flat(sections):
    """Nested settings as libgsh names them. A setting that has nested ones is none itself."""
    out = {}
    for name, values in sections.items():
        out[name] = {}
        for key, value in values.items():
            if isinstance(value, dict):
                out[name].update({f"{key}.{k}": v for k, v in value.items()})
            else:
                out[name][key] = value
    return out


def botocore_files():
    try:
        config = botocore.session.Session().full_config
    except botocore.exceptions.ConfigParseError:
        return "error"
    return {
        "profiles": flat(config["profiles"]),
        "sso_sessions": flat(config.get("sso_sessions", {})),
        "services": flat(config.get("services", {})),
    }


def compare(probe, home):
    ours = probe.ask(what="files", env={"HOME": str(home)})
    theirs = botocore_files()
    assert ("error" if "error" in ours else ours) == theirs
    return theirs


def write(home, name, text):
    (home / ".aws" / name).write_bytes(text.encode())


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("file", ["config", "credentials"])
def test_written(name, file, probe, home):
    write(home, file, WRITTEN[name])
    compare(probe, home)


def test_no_files(probe, home):
    assert compare(probe, home)["profiles"] == {}


def test_the_credentials_file_wins(probe, home):
    write(home, "config", "[profile a]\nregion=r\naws_access_key_id=1\ns3=\n  x=1\n[default]\nq=1\n")
    write(home, "credentials", "[a]\naws_access_key_id=2\n[default]\nq=2\n[profile a]\nz=1\n")
    theirs = compare(probe, home)
    assert theirs["profiles"]["a"] == {"region": "r", "aws_access_key_id": "2", "s3.x": "1"}


PIECES = [
    "[default]", "[profile a]", "[profile b]", "[profile \"a b\"]", "[a]", "[services s]",
    "[sso-session s]", "[DEFAULT]", "[x", "]", "region = r", "output: o", "k=", "s3 =", "s3=v",
    "  x = y", "    deep = 1", "\tt = u", "  plain", "plain", "# c", "  # c", "; d", "", "  ",
    "a = b # c", "= v", "K = v", "k = v", "Ab = c", "[profile 'a]", "é = ü", "[profile a] # c",
]


def test_random_files(probe, home):
    chance = random.Random(20261122)
    fine = 0
    for number in range(1500):
        ends = chance.choice(["\n", "\r\n", "\r"])
        for file in ("config", "credentials"):
            lines = chance.choices(PIECES, k=chance.randrange(12))
            if chance.random() < 0.8:
                lines.insert(0, "[default]")
            write(home, file, ends.join(lines))
        try:
            fine += compare(probe, home) != "error"
        except AssertionError:
            print(number, [(home / ".aws" / f).read_bytes() for f in ("config", "credentials")])
            raise
    print(f"{fine} of 1500 were fine")
    assert fine > 150
