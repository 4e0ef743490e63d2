"""Fixtures for all tests, and that no test of hypothesis fails because the machine is busy."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import launched, opened
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WORKERS = 4
"""At most so many processes: the largest scenarios take some gigabytes each."""
FIRST = ("test_survivors.py", "test_workflow_engines.py")
"""They have tests of minutes: begun first, so that no process is at one when the others have nothing left."""


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Where the whole suite is asked for, and nothing is said of processes, take one for each processor."""
    if "PYTEST_XDIST_WORKER" in os.environ:  # this is one of them already
        return
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or config.option.usepdb:
        return
    if config.pluginmanager.hasplugin("xdist") and config.option.numprocesses is None:
        config.option.numprocesses = min(os.cpu_count() or 1, WORKERS)
        config.option.dist = "worksteal"  # neighbours stay together, as what they share is made once a process


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in FIRST)


settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process."""
    with launched() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new page with nothing kept of others; without a network, and the test fails that asks for one."""
    with opened(browser) as found:
        yield found


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def without_the_loop_of_the_browser(item: pytest.Item) -> Iterator[None]:
    """Playwright leaves its event loop running beneath a process's tests; those of the lab run loops of their own."""
    if "lab" not in item.path.parts and item.path.name != "test_readme.py":
        yield
        return
    beneath = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(beneath)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """What a module's fixtures run is out of the way of the browser, too."""
    with without_the_loop_of_the_browser(item):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """So is the test itself."""
    with without_the_loop_of_the_browser(item):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """And what its fixtures do at the end."""
    with without_the_loop_of_the_browser(item):
        yield
