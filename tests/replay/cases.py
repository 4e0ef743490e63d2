"""The corpus: logs as they are posted, with invented identifiers, and beside each folder what should be said of it.

``corpus/NAME/`` has the logs of a case, ``corpus/NAME.toml`` what is expected:

* ``about``: what the case is;
* ``verdict``: ``conforms``, ``stalled``, ``deviates``, ``other workflow`` or ``unknown``; ``verdicts_too``: others that
  are right as well, where a part of a log does not decide;
* ``causes``: those that should be named first, the likeliest first where lines decide; none: none is to be named;
* ``inferred``: no line says the cause, it follows;
* ``overcome``: causes of failures that later attempts got over: none of them is to be named;
* ``codes``: codes that should be named with their meaning;
* ``source``: where the wording is from, a key of the fact sheet or an address; or that it is from memory.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Case:
    """One case of the corpus; see the module for the meaning of its parts."""

    name: str
    folder: Path
    about: str
    verdict: str
    causes: tuple[str, ...]
    verdicts_too: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    inferred: bool = False
    overcome: tuple[str, ...] = ()
    source: str = ""


def cases() -> list[Case]:
    """All cases, by name."""
    return [_case(path) for path in sorted(FOLDER.glob("*.toml"))]


def _case(path: Path) -> Case:
    data = tomllib.loads(path.read_text("utf-8"))
    several = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return Case(path.stem, path.with_suffix(""), **several)
