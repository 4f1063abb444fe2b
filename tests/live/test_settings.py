"""What a user sets in the environment and in .env: each mistake is one sentence, and no sentence shows a secret."""

import socket
import subprocess
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from oneentry_scenarios.api import transport
from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import Unreadable
from oneentry_scenarios.api.transport import ClientConfig
from oneentry_scenarios.cassettes.vcr_cassettes import RecordingCassette
from oneentry_scenarios.live.plugin import pytest_scenario_target
from oneentry_scenarios.live.preflight import PreflightError
from oneentry_scenarios.live.settings import Limits, environment, settings_from
from oneentry_scenarios.live.target import Live
from oneentry_scenarios.redaction.redactor import Redactor
from tests.api.wire import create_session
from tests.conftest import ROOT, STORY, Project

HOST = "my-project.oneentry.cloud"
#: Nothing is wrong with these.
RIGHT = {
    "ONEENTRY_PROJECT_URL": f"https://{HOST}",
    "ONEENTRY_APP_TOKEN": "the-app-token",
    "ONEENTRY_USER": "user@shop.example",
    "ONEENTRY_PASSWORD": "pa55word-of-the-user",
    "ONEENTRY_ALLOW_ORDERS": HOST,
}
URL, TOKEN, PASSWORD = "ONEENTRY_PROJECT_URL", "ONEENTRY_APP_TOKEN", "ONEENTRY_PASSWORD"
LOOKS = f"{URL} should look like https://my-project.oneentry.cloud"
ENDS = f"{URL} should end after the host: nothing before it, no path, no query"
NUMBER = "should be a number from 0.001 to 86400, such as 2 or 0.5, not "
PROXY = "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY holds no address of a proxy"
CERTIFICATES = "SSL_CERT_FILE (or SSLKEYLOGFILE) names no file that can be used"
COMMENT = "a value with # belongs in single quotes, a comment on a line of its own"
#: What is wrong in the environment or, as bytes, in .env -> what the message begins with.
MISTAKES: list[tuple[dict[str, str] | bytes, str]] = [
    ({URL: ""}, f"A live run needs to know your project. Missing: {URL}."),
    ({URL: HOST}, LOOKS),
    ({URL: "ftp://shop.example"}, LOOKS),
    ({URL: "https://"}, LOOKS),
    ({URL: "https://[::1]:x"}, LOOKS),
    ({URL: "https://[::1"}, LOOKS),
    ({URL: "https://shop.example:99999"}, LOOKS),
    ({URL: "https://shop.example:0"}, LOOKS),
    ({URL: "https://a..example"}, LOOKS),
    ({URL: f"https://{'a' * 64}.example"}, LOOKS),
    ({URL: "https://my shop.example"}, LOOKS),
    ({URL: "https://shop.example\\api"}, LOOKS),
    ({URL: "https://shop\u2013one.example"}, LOOKS),
    ({URL: "https://shop.example\u200b"}, LOOKS),
    ({URL: f"https://:{RIGHT[PASSWORD]}@shop.example"}, ENDS),
    ({URL: f"https://user:{RIGHT[PASSWORD]}@shop.example"}, ENDS),
    ({URL: f"https://{HOST}/api"}, ENDS),
    ({URL: f"https://{HOST}?a=1"}, ENDS),
    ({URL: "http://shop.example"}, f"{URL} would send passwords unencrypted"),
    ({"ONEENTRY_ALLOW_ORDERS": "other.oneentry.cloud"}, "A live run places real orders"),
    ({"ONEENTRY_ALLOW_ORDERS": f"user@{HOST}"}, "A live run places real orders"),
    ({"ONEENTRY_ALLOW_ORDERS": "[::1"}, "A live run places real orders"),
    ({TOKEN: "the\u2013app-token"}, f"{TOKEN}: character 4 is EN DASH, which cannot be sent"),
    ({TOKEN: "\u201cthe-app-token\u201d"}, f"{TOKEN}: character 1 is LEFT DOUBLE QUOTATION MARK, which cannot"),
    ({TOKEN: "the-app\ntoken"}, f"{TOKEN}: character 8 is U+000A, which cannot be sent"),
    ({PASSWORD: "pa55word-\udce9"}, f"{PASSWORD}: character 10 is U+DCE9, which cannot be sent"),
    ({"ONEENTRY_USER": "user\udce9@shop.example"}, "ONEENTRY_USER: character 5 is U+DCE9, which cannot be sent"),
    ({"ONEENTRY_PROFILE": "\udce9.toml"}, "ONEENTRY_PROFILE: character 1 is U+DCE9, which cannot be sent"),
    (
        {"ONEENTRY_OTHER_USER": "b@shop.example"},
        "A second test user needs both ",
    ),
    (
        {"ONEENTRY_OTHER_USER": "user@shop.example", "ONEENTRY_OTHER_PASSWORD": "x"},
        "ONEENTRY_OTHER_USER should be another user than ONEENTRY_USER",
    ),
    *(({"ONEENTRY_READ_TIMEOUT": each}, f"ONEENTRY_READ_TIMEOUT {NUMBER}{each!r}") for each in ("none", "0", "nan")),
    *(({"ONEENTRY_CONNECT_TIMEOUT": each}, f"ONEENTRY_CONNECT_TIMEOUT {NUMBER}") for each in ("-1", "inf", "1e300")),
    ({"ONEENTRY_REQUESTS_PER_SECOND": "1e-300"}, f"ONEENTRY_REQUESTS_PER_SECOND {NUMBER}"),
    ({"SSL_CERT_FILE": "/missing.pem"}, CERTIFICATES),
    ({"SSL_CERT_FILE": __file__}, CERTIFICATES),
    ({"HTTPS_PROXY": "socks5://127.0.0.1:9"}, "A proxy variable names a SOCKS proxy, which needs a further package"),
    ({"HTTPS_PROXY": f"ftp://user:{RIGHT[PASSWORD]}@127.0.0.1"}, PROXY),
    ({"ALL_PROXY": "http://[::1"}, PROXY),
    ({"HTTPS_PROXY": "127.0.0.1:x"}, PROXY),
    ("ONEENTRY_USER=b\xe9n@shop.example".encode("latin-1"), ".env is not UTF-8 text: save it as UTF-8"),
    ("ONEENTRY_USER=ben@shop.example".encode("utf-16"), ".env is not UTF-8 text: save it as UTF-8"),
    ("ONEENTRY_USER=ben@shop.example".encode("utf-16-le"), ".env is not UTF-8 text: save it as UTF-8"),
    (f"\n\n{PASSWORD}={RIGHT[PASSWORD]} # mine".encode(), f".env, line 3: {COMMENT}"),
    (f"{PASSWORD}=  # mine".encode(), f".env, line 1: {COMMENT}"),
    (f"{TOKEN}=x\n{PASSWORD}='{RIGHT[PASSWORD]}".encode(), ".env, line 2 cannot be read: write NAME=value"),
    (f"{PASSWORD}: {RIGHT[PASSWORD]}".encode(), ".env, line 1 cannot be read: write NAME=value"),
    ((ROOT / ".env.example").read_bytes(), f"A live run needs to know your project. Missing: {TOKEN}, "),
    (f"{PASSWORD}".encode(), ".env, line 1 cannot be read: write NAME=value"),
    (f'{PASSWORD}="pa55word\\nx"'.encode(), f"{PASSWORD}: character 9 is U+000A, which cannot be sent"),
]


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
    config: Any = SimpleNamespace(
        rootpath=root,
        getoption=options.get,
        option=SimpleNamespace(),
        pluginmanager=SimpleNamespace(register=lambda *_: None),
    )
    target = pytest_scenario_target(config, Redactor())
    assert target is not None
    return target


@pytest.mark.parametrize(("mistake", "sentence"), MISTAKES, ids=[ascii(mistake) for mistake, _ in MISTAKES])
def test_a_mistake_in_the_settings_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mistake: dict[str, str] | bytes, sentence: str
) -> None:
    if isinstance(mistake, bytes):
        (tmp_path / ".env").write_bytes(mistake)
        for name in (name for name in RIGHT if name.encode() in mistake):
            monkeypatch.delenv(name)
    else:
        for name, value in mistake.items():
            monkeypatch.setenv(name, value)
    with pytest.raises(pytest.UsageError) as error:
        target(tmp_path)
    message = str(error.value)
    assert message.startswith(sentence)
    assert "\n" not in message
    assert "pa55word" not in message
    assert "app-token" not in message


@pytest.mark.parametrize(
    ("url", "allowed", "normal"),
    [
        ("HTTP://LOCALHOST:8765/", "localhost:8765", "http://localhost:8765"),
        ("http://localhost:080", "LOCALHOST", "http://localhost"),
        ("http://@localhost:80", "localhost:080", "http://localhost"),
        (f"https://{HOST}:443", HOST.upper(), f"https://{HOST}"),
        (f"HTTPS://{HOST.title()}:", f"{HOST}:443", f"https://{HOST}"),
        ("https://B\u00dcCHER.example", "b\u00fccher.example", "https://xn--bcher-kva.example"),
        ("https://shop.stra\u00dfe.example", "shop.xn--strae-oqa.example", "https://shop.xn--strae-oqa.example"),
        ("https://[2001:DB8::1]:443", "[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_an_address_has_one_form_for_guard_matching_and_redaction(url: str, allowed: str, normal: str) -> None:
    settings = settings_from(RIGHT | {URL: url, "ONEENTRY_ALLOW_ORDERS": allowed})
    assert (settings.project_url, settings.host) == (normal, normal.partition("://")[2])
    redactor = Redactor()
    settings.learn(redactor)
    answer = httpx.Response(201, json={"message": f"{settings.host} {allowed.lower()}"})
    config = ClientConfig(settings.project_url, "the-app-token", http_transport=httpx.MockTransport(lambda _: answer))
    recording = RecordingCassette.use(path="", project_url=settings.project_url, redactor=redactor)
    with recording as cassette, OneEntry(config) as client, pytest.raises(Unreadable):
        create_session(client)
    [interaction] = cassette.interactions()
    assert interaction.request.url.startswith(f"{normal.partition(':')[0]}://project.redacted.invalid/api/")
    assert settings.host not in str(interaction)
    assert "\u00fccher" not in str(interaction)


def test_env_is_read_literally_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(PASSWORD)
    monkeypatch.delenv("ONEENTRY_USER")
    monkeypatch.setenv("HOME", "not-this")
    lines = (
        "# ONEENTRY_USER=x # y",
        "OTHER",
        f"{PASSWORD}=a${{HOME}}#b  ",
        "export ONEENTRY_USER='b # c' # d",
        f"{TOKEN}=x",
    )
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8-sig")
    variables = environment(tmp_path)
    assert (variables[PASSWORD], variables["ONEENTRY_USER"]) == ("a${HOME}#b", "b # c")
    assert variables[TOKEN] == RIGHT[TOKEN], "the environment comes first"


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Limits.from_environment({}) == Limits(10, 30, 0)
    for name, value in zip(
        ("CONNECT_TIMEOUT", "READ_TIMEOUT", "REQUESTS_PER_SECOND"), ("1.5", " 90 ", "0.5"), strict=True
    ):
        monkeypatch.setenv(f"ONEENTRY_{name}", value)
    assert Limits.from_environment(environment(tmp_path)) == Limits(1.5, 90, 0.5)


def test_no_call_to_ones_own_machine_goes_to_a_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without encryption, the proxy would read the app token."""
    with closing(socket.create_server(("127.0.0.1", 0))) as proxy:
        proxy.settimeout(0.1)
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv(URL, "http://127.0.0.1:9")
        monkeypatch.setenv("ONEENTRY_ALLOW_ORDERS", "127.0.0.1:9")
        with pytest.raises(PreflightError, match=r"got no answer from http://127\.0\.0\.1:9"):
            target(tmp_path).check([])
        with pytest.raises(TimeoutError):
            proxy.accept()


def test_a_mistake_ends_the_run_with_its_sentence_alone(project: Project) -> None:
    outcome = project.run("--api=live", STORY, **RIGHT | {URL: "https://[::1]:x"})
    assert (outcome.code, outcome.output.strip()) == (4, f"ERROR: {LOOKS}")


def test_git_ignores_every_env_file_but_the_example() -> None:
    files = [".env", ".env.local", ".env.example"]
    ignored = subprocess.run(["git", "check-ignore", *files], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ignored.stdout.split() == files[:2]
