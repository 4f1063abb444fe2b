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
from oneentry_scenarios.live.run import Live
from oneentry_scenarios.live.settings import Limits, oneentry_variables, settings_from
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Kind, Redactor
from oneentry_scenarios.shop.profile import FilledField, OrderForm, Profile
from tests.conftest import ROOT
from tests.live.projects import SAMPLES

HOST = "my-project.oneentry.cloud"
URL, TOKEN, PASSWORD = "ONEENTRY_PROJECT_URL", "ONEENTRY_APP_TOKEN", "ONEENTRY_PASSWORD"
ALLOW, READ_TIMEOUT = "ONEENTRY_ALLOW_ORDERS", "ONEENTRY_READ_TIMEOUT"
#: Nothing is wrong with these.
RIGHT = {URL: f"https://{HOST}", TOKEN: "the-app-token", "ONEENTRY_USER": "a@shop.example", PASSWORD: "pa55word-of-it"}
RIGHT |= {"ONEENTRY_OTHER_USER": "b@shop.example", "ONEENTRY_OTHER_PASSWORD": "pa55word-2", ALLOW: HOST}
#: What a message begins with, and NAME=value in the environment or, as bytes, the content of .env, that it is about.
CASES: list[tuple[str, str | bytes]] = [
    *((sentence, each) for sentence, mistakes in SAMPLES["environment"].items() for each in mistakes),
    *((sentence, each.encode()) for sentence, mistakes in SAMPLES["env-file"].items() for each in mistakes),
    *(
        (".env is not UTF-8 text. Save it as UTF-8", f"{PASSWORD}=pa55word\xe9".encode(code))
        for code in ("latin-1", "utf-16", "utf-16-le")
    ),
    (f"A live run needs the settings of your project. Missing: {TOKEN}, ", (ROOT / ".env.example").read_bytes()),
    (f"{PASSWORD}: character 10 is U+DCE9, which cannot be sent", f"{PASSWORD}=pa55word-\udce9"),
    ("ONEENTRY_PROFILE: character 1 is U+DCE9, which cannot be sent", "ONEENTRY_PROFILE=\udce9.toml"),
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
    config: Any = SimpleNamespace(rootpath=root, getoption=options.get, option=None, pluginmanager=Mock())
    target = pytest_scenario_target(config, Redactor())
    assert isinstance(target, Live)
    return target


@pytest.mark.parametrize(("sentence", "mistake"), CASES, ids=[ascii(mistake) for _, mistake in CASES])
def test_a_mistake_in_the_settings_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sentence: str, mistake: str | bytes
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


@pytest.mark.parametrize("url", SAMPLES["addresses"])
def test_an_address_has_one_form_for_guard_matching_and_redaction(url: str) -> None:
    allowed, normal = SAMPLES["addresses"][url]
    settings = settings_from(RIGHT | {URL: url, ALLOW: allowed})
    assert (settings.project_url, settings.host) == (normal, normal.partition("://")[2])
    redactor = Redactor()
    settings.learn(redactor, Profile())
    sent = str(httpx.Client(base_url=settings.project_url).build_request("GET", "/api").url)
    recorder = RecordingCassette(project_url=settings.project_url, redactor=redactor, path="")
    for spelled in (sent, sent.upper().replace("/API", "/api")):
        recorder.can_play_response_for(VcrRequest("GET", spelled, b"", {}))  # raises an error for another address
    kept = redactor.stored_text(f"{sent} {url.lower()} {normal.partition('://')[2].title()}")
    assert kept.startswith(f"{normal.partition(':')[0]}://project.redacted.invalid/api ")
    assert kept.endswith(" project.redacted.invalid")
    assert kept.isascii()


def test_a_field_that_faker_fills_in_is_as_private_as_what_faker_makes() -> None:
    profile = Profile(orders=OrderForm(fields={"rueckruf": FilledField(faker="phone_number")}))
    redactor = Redactor()
    settings_from(RIGHT).learn(redactor, profile)
    assert redactor.kind_of_field("person_rueckruf") is Kind.PHONE


def test_env_is_read_literally_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(PASSWORD)
    monkeypatch.delenv("ONEENTRY_USER")
    monkeypatch.setenv("HOME", "not-this")
    lines = f"# ONEENTRY_USER=x # y\nOTHER\n{PASSWORD}=a${{HOME}}#b  \nexport ONEENTRY_USER = 'b # c' \n{TOKEN}=x"
    (tmp_path / ".env").write_text(lines, encoding="utf-8-sig")
    variables = oneentry_variables(tmp_path)
    assert (variables[PASSWORD], variables["ONEENTRY_USER"]) == ("a${HOME}#b", "b # c")
    assert variables[TOKEN] == RIGHT[TOKEN], "the environment comes first"


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Limits.from_environment({}) == Limits(10, 30, 0)
    monkeypatch.setenv(READ_TIMEOUT, " 90 ")
    (tmp_path / ".env").write_text("ONEENTRY_CONNECT_TIMEOUT=1.5\nONEENTRY_REQUESTS_PER_SECOND=0.5\n")
    assert Limits.from_environment(oneentry_variables(tmp_path)) == Limits(1.5, 90, 0.5)


def test_no_call_to_ones_own_machine_goes_to_a_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without encryption, the proxy would read the app token."""
    with closing(socket.create_server(("127.0.0.1", 0))) as proxy:
        proxy.settimeout(0.1)
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv(URL, "http://127.0.0.1:9")
        monkeypatch.setenv(ALLOW, "127.0.0.1:9")
        with pytest.raises(Problem, match=r"got no usable response from http://127\.0\.0\.1:9"):
            target(tmp_path).check([])
        with pytest.raises(TimeoutError):
            proxy.accept()


def test_git_ignores_every_env_file_but_the_example() -> None:
    files = [".env", ".env.local", ".env.example"]
    ignored = subprocess.run(["git", "check-ignore", *files], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ignored.stdout.split() == files[:2]
