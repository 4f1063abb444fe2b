"""What a user sets in the environment and in .env: each mistake is one sentence, and no sentence shows a secret."""

import re
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import httpx
import pytest
from vcr.request import Request as VcrRequest

from oneentry_scenarios.api import transport
from oneentry_scenarios.cassettes.vcr_cassettes import RecordingCassette
from oneentry_scenarios.live.plugin import pytest_scenario_target
from oneentry_scenarios.live.settings import Limits, environment, settings_from
from oneentry_scenarios.live.target import Live
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile
from tests.conftest import ROOT

HOST = "my-project.oneentry.cloud"
URL, TOKEN, PASSWORD = "ONEENTRY_PROJECT_URL", "ONEENTRY_APP_TOKEN", "ONEENTRY_PASSWORD"
ALLOW, READ_TIMEOUT, PROXY = "ONEENTRY_ALLOW_ORDERS", "ONEENTRY_READ_TIMEOUT", "HTTPS_PROXY"
#: Nothing is wrong with these.
RIGHT = {URL: f"https://{HOST}", TOKEN: "the-app-token", "ONEENTRY_USER": "a@shop.example", PASSWORD: "pa55word-of-it"}
RIGHT |= {"ONEENTRY_OTHER_USER": "b@shop.example", "ONEENTRY_OTHER_PASSWORD": "pa55word-2", ALLOW: HOST}
LOOKS = f"{URL} should look like https://my-project.oneentry.cloud"
#: No address of a project.
ADDRESSES = (
    *(HOST, "ftp://shop.example", "https://", "https://[::1]:x", "https://[::1", "https://shop.example:99999"),
    *("https://shop.example:0", "https://a..example", f"https://{'a' * 64}.example", "https://my shop.example"),
    *("https://shop.example\\api", "https://shop\u2013one.example", "https://shop.example\u200b"),
)
#: What a message begins with -> NAME=value in the environment or, as bytes, the content of .env, that it is about.
MISTAKES: dict[str, tuple[str | bytes, ...]] = {
    LOOKS: tuple(f"{URL}={each}" for each in ADDRESSES),
    f"{URL} should end after the host: nothing before it, no path, no query": (
        *(f"{URL}=https://:pa55word@shop.example", f"{URL}=https://user:pa55word@shop.example"),
        *(f"{URL}=https://{HOST}/api", f"{URL}=https://{HOST}?a=1"),
    ),
    f"{URL} would send passwords unencrypted": (f"{URL}=http://shop.example",),
    f"A live run needs to know your project. Missing: {URL}.": (f"{URL}=",),
    f"A live run needs to know your project. Missing: {TOKEN}, ": ((ROOT / ".env.example").read_bytes(),),
    "A live run places real orders": (f"{ALLOW}=other.oneentry.cloud", f"{ALLOW}=user@{HOST}", f"{ALLOW}=[::1"),
    f"{TOKEN}: character 4 is EN DASH, which cannot be sent": (f"{TOKEN}=the\u2013app-token",),
    f"{TOKEN}: character 1 is LEFT DOUBLE QUOTATION MARK, which": (f"{TOKEN}=\u201cthe-app-token\u201d",),
    f"{TOKEN}: character 8 is U+000A, which cannot be sent": (f"{TOKEN}=the-app\ntoken",),
    f"{PASSWORD}: character 9 is U+000A, which cannot be sent": (f'{PASSWORD}="pa55word\\nx"'.encode(),),
    f"{PASSWORD}: character 10 is U+DCE9, which cannot be sent": (f"{PASSWORD}=pa55word-\udce9",),
    "ONEENTRY_PROFILE: character 1 is U+DCE9, which cannot be sent": ("ONEENTRY_PROFILE=\udce9.toml",),
    "A second test user needs both ": ("ONEENTRY_OTHER_PASSWORD=",),
    "ONEENTRY_OTHER_USER should be another user than": ("ONEENTRY_OTHER_USER=a@shop.example",),
    f"{READ_TIMEOUT} should be a number from 0.001 to 86400, such as 2 or 0.5, not ": tuple(
        f"{READ_TIMEOUT}={each}" for each in ("none", "0", "-1", "nan", "inf", "1e300", "1e-300")
    ),
    "SSL_CERT_FILE (or SSLKEYLOGFILE) names no file": ("SSL_CERT_FILE=/missing.pem", f"SSL_CERT_FILE={__file__}"),
    "A proxy variable names a SOCKS proxy, which needs a further package": (f"{PROXY}=socks5://127.0.0.1:9",),
    "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY holds no address of a proxy": (
        *(f"{PROXY}=ftp://user:pa55word@127.0.0.1", "ALL_PROXY=http://[::1", f"{PROXY}=127.0.0.1:x"),
    ),
    ".env is not UTF-8 text: save it as UTF-8": tuple(
        f"{PASSWORD}=pa55word\xe9".encode(each) for each in ("latin-1", "utf-16", "utf-16-le")
    ),
    ".env, line 3: write NAME=value or, with quotes or a # in it": (f"\n\n{PASSWORD}=pa55word # mine".encode(),),
    ".env, line 2: write NAME=value": (f"{TOKEN}=x\n{PASSWORD}='pa55word".encode(),),
    ".env, line 1: write NAME=value": (
        *(f"{PASSWORD}=  # mine".encode(), f"export {PASSWORD}: pa55word".encode(), f"\ufeff{PASSWORD}".encode()),
    ),
}
CASES = [(mistake, sentence) for sentence, mistakes in MISTAKES.items() for mistake in mistakes]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    transport._tls_context.cache_clear()  # else it knows the certificates that an earlier test found


def target(root: Path) -> Live:
    """The target of a live run that begins in `root`."""
    options: dict[str, Any] = {"--api": "live"}
    config: Any = SimpleNamespace(rootpath=root, getoption=options.get, option=None, pluginmanager=Mock())
    target = pytest_scenario_target(config, Redactor())
    assert target is not None
    return target


@pytest.mark.parametrize(("mistake", "sentence"), CASES, ids=[ascii(mistake) for mistake, _ in CASES])
def test_a_mistake_in_the_settings_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mistake: str | bytes, sentence: str
) -> None:
    if isinstance(mistake, str):
        monkeypatch.setenv(*mistake.split("=", 1))
    else:
        (tmp_path / ".env").write_bytes(mistake)
        for name in (name for name in RIGHT if name.encode() in mistake.replace(b"\0", b"")):
            monkeypatch.delenv(name)
    with pytest.raises(Problem) as error:
        target(tmp_path)
    assert str(error.value).startswith(sentence)
    assert not re.search("\n|pa55word|app-token", str(error.value))


@pytest.mark.parametrize(
    ("url", "allowed", "normal"),
    [
        ("HTTP://LOCALHOST:8765/", "localhost:8765", "http://localhost:8765"),
        ("HTTP://localhost:080", "LOCALHOST", "http://localhost"),
        ("http://@localhost:80", "localhost:080", "http://localhost"),
        (f"https://{HOST}:443", HOST.upper(), f"https://{HOST}"),
        (f"HTTPS://{HOST.title()}:", f"{HOST}:443", f"https://{HOST}"),
        ("https://B\u00dcCHER.example", "b\u00fccher.example", "https://xn--bcher-kva.example"),
        ("https://shop.stra\u00dfe.example", "shop.xn--strae-oqa.example", "https://shop.xn--strae-oqa.example"),
        ("https://[2001:DB8::1]:443", "[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_an_address_has_one_form_for_guard_matching_and_redaction(url: str, allowed: str, normal: str) -> None:
    settings = settings_from(RIGHT | {URL: url, ALLOW: allowed})
    assert (settings.project_url, settings.host) == (normal, normal.partition("://")[2])
    redactor = Redactor()
    settings.learn(redactor, Profile())
    sent = str(httpx.Client(base_url=settings.project_url).build_request("GET", "/api").url)
    recorder = RecordingCassette(project_url=settings.project_url, redactor=redactor, path="")
    recorder.can_play_response_for(VcrRequest("GET", sent, b"", {}))  # raises an error for another address
    kept = redactor.string(f"{sent} {url.lower()}")
    assert kept.startswith(f"{normal.partition(':')[0]}://project.redacted.invalid/api ")
    assert kept.isascii()


def test_env_is_read_literally_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(PASSWORD)
    monkeypatch.delenv("ONEENTRY_USER")
    monkeypatch.setenv("HOME", "not-this")
    lines = f"# ONEENTRY_USER=x # y\nOTHER\n{PASSWORD}=a${{HOME}}#b  \nexport ONEENTRY_USER = 'b # c' \n{TOKEN}=x"
    (tmp_path / ".env").write_text(lines, encoding="utf-8-sig")
    variables = environment(tmp_path)
    assert (variables[PASSWORD], variables["ONEENTRY_USER"]) == ("a${HOME}#b", "b # c")
    assert variables[TOKEN] == RIGHT[TOKEN], "the environment comes first"


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Limits.from_environment({}) == Limits(10, 30, 0)
    monkeypatch.setenv(READ_TIMEOUT, " 90 ")
    (tmp_path / ".env").write_text("ONEENTRY_CONNECT_TIMEOUT=1.5\nONEENTRY_REQUESTS_PER_SECOND=0.5\n")
    assert Limits.from_environment(environment(tmp_path)) == Limits(1.5, 90, 0.5)


def test_no_call_to_ones_own_machine_goes_to_a_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without encryption, the proxy would read the app token."""
    with closing(socket.create_server(("127.0.0.1", 0))) as proxy:
        proxy.settimeout(0.1)
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv(URL, "http://127.0.0.1:9")
        monkeypatch.setenv(ALLOW, "127.0.0.1:9")
        with pytest.raises(Problem, match=r"got no answer from http://127\.0\.0\.1:9"):
            target(tmp_path).check([])
        with pytest.raises(TimeoutError):
            proxy.accept()


def test_git_ignores_every_env_file_but_the_example() -> None:
    files = [".env", ".env.local", ".env.example"]
    ignored = subprocess.run(["git", "check-ignore", *files], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ignored.stdout.split() == files[:2]
