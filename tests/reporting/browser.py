"""Drives headless Chromium over plain WebDriver calls: enough to open a page, click, and see what it asked for."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
PATIENCE_SECONDS = 60.0

_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1500,1400",
)
_VISIBLE = "[...document.querySelectorAll(arguments[0])].filter(e => e.innerText.includes(arguments[1]))"


class Browser:
    """A page that a user looks at."""

    def __init__(self, driver: httpx.Client, session: str) -> None:
        self._driver = driver
        self._session = f"/session/{session}"

    def open(self, address: str) -> None:
        self._send("url", {"url": address})

    def click(self, selector: str, text: str = "") -> None:
        """Click the first element that `selector` finds and that shows `text`, as soon as it is there."""
        self._wait_for(f"const [e] = {_VISIBLE}; if (e) e.click(); return Boolean(e)", selector, text)

    def see(self, selector: str, text: str = "") -> str:
        """The text of the first such element, as soon as it is there."""
        return str(self._wait_for(f"return {_VISIBLE}[0]?.innerText", selector, text))

    def see_all(self, selector: str) -> list[str]:
        """The texts of all elements that `selector` finds now."""
        found: list[str] = self._run(f"return {_VISIBLE}.map(e => e.innerText)", selector, "")
        return found

    def console(self) -> list[str]:
        """What the page said on its console."""
        return [entry["message"] for entry in self._log("browser")]

    def requests(self) -> set[str]:
        """The schemes of all that was asked for since the page was opened, such as `file` and `data`."""
        events = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        asked = (event["params"] for event in events if event["method"] == "Network.requestWillBeSent")
        # Chromium's own start page is not the report's doing.
        addresses = (one["request"]["url"] for one in asked if not one["documentURL"].startswith("chrome:"))
        return {address.partition(":")[0] for address in addresses}

    def take_picture(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self._driver.get(f"{self._session}/screenshot").json()["value"]))

    def _wait_for(self, script: str, selector: str, text: str) -> Any:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if found := self._run(script, selector, text):
                return found
        raise AssertionError(f"no {selector} with {text!r} in:\n{self._run('return document.body.innerText')}")

    def _run(self, script: str, *arguments: str) -> Any:
        return self._send("execute/sync", {"script": script, "args": arguments})

    def _log(self, kind: str) -> list[dict[str, str]]:
        entries: list[dict[str, str]] = self._send("se/log", {"type": kind})
        return entries

    def _send(self, command: str, body: dict[str, Any]) -> Any:
        return self._driver.post(f"{self._session}/{command}", json=body).raise_for_status().json()["value"]


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with a new profile in `profile`."""
    options = {
        "binary": CHROMIUM,
        "args": [*_ARGUMENTS, f"--user-data-dir={profile}"],
    }
    logs = {"browser": "ALL", "performance": "ALL"}
    wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": logs}
    process = subprocess.Popen([str(CHROMEDRIVER), "--port=0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        ports = (re.search(r"successfully on port (\d+)", line) for line in process.stdout)
        port = next(found[1] for found in ports if found)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as driver:
            answer = driver.post("/session", json={"capabilities": {"alwaysMatch": wanted}}).raise_for_status().json()
            session = answer["value"]["sessionId"]
            try:
                yield Browser(driver, session)
            finally:
                driver.delete(f"/session/{session}")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
