"""A browser for tests: the machine's own Chromium or a relative of it, headless, with an empty profile and no network.

The fixtures ``browser`` and ``page`` (in ``conftest.py``) are made of this. Where there is no browser, or no Playwright
to drive it, the tests that ask for one are skipped and say so; with ``CCMPROOF_BROWSER_REQUIRED`` set they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, WebSocketRoute

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
REQUIRED = "CCMPROOF_BROWSER_REQUIRED"
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
"""Beside what Playwright gives: headless, and without the sandbox, which root and many containers cannot have."""
AT_HOME = ("file:", "data:", "about:", "blob:")
"""How the addresses begin that need no network."""


def unavailable(why: str) -> NoReturn:
    """Skip the test, or fail it where a browser is required."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{why}, and {REQUIRED} is set", pytrace=False)
    pytest.skip(why)


def executable() -> str:
    """The path of the browser that ``CCMPROOF_BROWSER`` names, or of the first that is there."""
    named = os.environ.get("CCMPROOF_BROWSER")
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    if found is None:
        unavailable(f"there is no browser {named}" if named else f"there is no browser: none of {', '.join(NAMES)}")
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser that is running; its profile is a new folder that goes with it."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unavailable("there is no Playwright to drive a browser: install '.[browser]'")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), headless=True, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser) -> Iterator[Page]:
    """An empty page of 1280 by 800 in a context of its own; an assertion fails where it asked for the network."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True, service_workers="block")
    try:
        asked = _kept_at_home(context)
        yield context.new_page()
        assert not asked, f"the page asked for the network: {', '.join(asked)}"
    finally:
        context.close()


def _kept_at_home(context: BrowserContext) -> list[str]:
    """Refuse whatever needs the network; the list is of what was refused."""
    asked: list[str] = []

    def judge(route: Route) -> None:
        if route.request.url.startswith(AT_HOME):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    def refuse(socket: WebSocketRoute) -> None:
        asked.append(socket.url)
        socket.close()

    context.route("**/*", judge)
    context.route_web_socket("**/*", refuse)
    return asked


@contextmanager
def without_complaint(page: Page) -> Iterator[list[str]]:
    """What the page complains of meanwhile: errors on its console, and errors that nothing catches.

    An assertion fails at the end where there is any that the caller has not taken from the list.
    """
    said: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    def on_error(error: Exception) -> None:
        said.append(str(error))

    page.on("console", on_console)
    page.on("pageerror", on_error)
    try:
        yield said
        page.evaluate("0")  # what was said before has arrived when this has
    finally:
        page.remove_listener("console", on_console)
        page.remove_listener("pageerror", on_error)
    assert not said, f"the page complains: {said}"
