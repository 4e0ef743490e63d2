"""The causes for which an install, a registration or a renewal fails, with their remedies; the table is data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from . import table
from .pattern import Cause


@cache
def causes() -> Mapping[str, Cause]:
    """The causes by name, in the order of the workflow."""
    found = [Cause(**table.tupled(each)) for each in table.read("causes")["cause"]]
    return {each.name: each for each in found}
