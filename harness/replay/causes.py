"""The causes for which an install, a registration or a renewal fails, with their remedies; the table is data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from .pattern import Cause


@cache
def causes() -> Mapping[str, Cause]:
    """The causes by name, in the order of the workflow."""
    text = files("ccmproof.harness.replay.table").joinpath("causes.toml").read_text("utf-8")
    found = [_cause(each) for each in tomllib.loads(text)["cause"]]
    return {each.name: each for each in found}


def _cause(entry: Mapping[str, Any]) -> Cause:
    several: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Cause(**several)
