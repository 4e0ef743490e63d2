"""What takes too long for every run of the long tests, and is looked at where somebody asks for it."""

from __future__ import annotations

import os

import pytest

VARIABLE = "CCMPROOF_ON_DEMAND"
"""Set, it asks for all of it."""


def on_demand(why: str) -> pytest.MarkDecorator:
    """The mark of a long test that is looked at on demand, and why no more often than that."""
    return pytest.mark.skipif(not os.environ.get(VARIABLE), reason=f"{why}: set {VARIABLE}")
