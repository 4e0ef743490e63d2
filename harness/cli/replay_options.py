"""What ``ccmproof replay`` is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class ReplayFormat(StrEnum):
    """How a diagnosis is put out."""

    text = "text"
    json = "json"
    markdown = "markdown"
    html = "html"


ReplayFormatOption = Annotated[ReplayFormat, typer.Option("--format", help="How to put it out.")]


@dataclass(frozen=True)
class Wanted:
    """The options that hold for every device; it can be pickled."""

    all_lines: bool = False
    from_start: bool = False
    patterns: tuple[Path, ...] = ()
    redact: bool | None = None
    form: ReplayFormat = ReplayFormat.text
    output: Path | None = None
    quiet: bool = False
