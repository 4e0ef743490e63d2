"""The browser for tests is kept at home, starts anew each time, and what a page complains of is heard."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import REQUIRED, executable, launched, opened, without_complaint

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def test_a_page_from_a_file_is_shown_and_runs(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "seite & ü.html"
    file.write_text("<!doctype html><title>a</title><script>document.title = 'b'</script>", encoding="utf-8")
    with without_complaint(page):
        page.goto(file.as_uri())
    assert page.title() == "b"
    assert page.viewport_size == {"width": 1280, "height": 800}


@pytest.mark.parametrize(
    "asks",
    [
        "fetch('http://127.0.0.1:9/a')",
        "import('https://example.org/a.js')",
        "new Promise(done => { const i = new Image(); i.onerror = done; i.src = 'https://example.org/a.png' })",
        "new Promise(done => { const s = new WebSocket('wss://example.org/a'); s.onclose = s.onerror = done })",
    ],
)
def test_whoever_asks_for_the_network_gets_nothing_and_fails(browser: Browser, asks: str) -> None:
    said = r"^the page asked for the network: (http|https|wss)://[\w.:]+/a"
    with pytest.raises(AssertionError, match=said), opened(browser) as page:
        page.evaluate(f"Promise.resolve({asks}).catch(() => 0).then(() => 0)")


def test_nothing_is_kept_from_page_to_page(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<!doctype html>", encoding="utf-8")
    for _ in range(2):
        with opened(browser) as page:
            page.goto((tmp_path / "a.html").as_uri())
            assert page.evaluate("localStorage.length") == 0
            page.evaluate("localStorage.setItem('a', 'b')")


@pytest.mark.parametrize(
    ("does", "said"), [("console.error('oh')", "oh"), ("setTimeout(() => { throw new Error('ah') })", "ah")]
)
def test_complaints_are_heard(page: Page, does: str, said: str) -> None:
    with pytest.raises(AssertionError, match=f"^the page complains: .*{said}"), without_complaint(page):
        page.evaluate(does)
        page.wait_for_timeout(50)
    with without_complaint(page):
        page.evaluate("console.log('fine')")


def test_without_a_browser_a_test_is_skipped_and_where_one_is_required_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CCMPROOF_BROWSER", "no-such-browser")
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^there is no browser no-such-browser$"):
        executable()
    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match=f"^there is no browser no-such-browser, and {REQUIRED} is set$"):
        executable()


def test_without_playwright_a_test_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is no Playwright"), launched():
        raise AssertionError("there is none")
