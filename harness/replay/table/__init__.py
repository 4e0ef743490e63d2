"""The tables that replay reads: patterns of lines by the log that has them, causes, codes, components."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any


def read(name: str) -> dict[str, Any]:
    """What a shipped table says."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))


def tupled(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with tuples for its lists, as the types that entries become have them."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
