"""A lab's story as a page: how far it came, the run as a sequence, where it has left the model, and what lies where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccmproof.harness.lab.story import Chapter, Story
from ccmproof.harness.report import Counterexample
from rich.text import Text

from .lab_deviation import deviated
from .page import Page
from .story import environment_in_words, steps
from .validation import draw
from .words import counted

VERSION = 1
"""Of the JSON form."""


@dataclass(frozen=True)
class StoryShown:
    """What the page is made of.

    Attributes:
        run: the story's run with each step in words.
        left: what lies in the folder now, by the name to be shown.
        scenario: whose environment it is, if one's; ``unused``: what else that brings, and this run does not have.
    """

    story: Story
    run: Counterexample
    left: Mapping[str, str]
    scenario: str = ""
    unused: tuple[str, ...] = ()


def text(shown: StoryShown, *, width: int = 80, colour: bool = False, ascii: bool = False) -> str:
    """The page at a width."""
    page, told = Page(width, colour, ascii), shown.story
    page.line(("A lab", "title"), f"  {environment_in_words(shown.run)}")
    if shown.unused:
        said = f"not in it, though the scenario {shown.scenario} brings it: {', '.join(shown.unused)}"
        page.line((said, "undetermined"), indent=1)
    page.rows([_chapter(page, each, since) for each, since in _with_beginnings(told)], indent=1)
    page.blank()
    page.line(("What happened", "title"))
    steps(page, shown.run)
    if told.deviation is not None:
        page.blank()
        page.line(("Here it leaves the model", "fails"))
        for part in deviated(told.deviation, numbered=False):
            draw(page, part)
    page.blank()
    page.line(("Left", "title"), f"  in {told.folder}")
    page.rows([[page.styled((name, "name")), page.styled(what)] for name, what in shown.left.items()], indent=1)
    page.blank()
    page.line(_verdict(told))
    return page.text()


def _with_beginnings(told: Story) -> list[tuple[Chapter, int]]:
    """Each chapter with the number of the step before its first."""
    ends = [0, *(each.steps for each in told.chapters)]
    return list(zip(told.chapters, ends, strict=False))


def _chapter(page: Page, chapter: Chapter, since: int) -> list[Text]:
    """The title last, which wraps where the page is narrow."""
    sign, style = ("✓", "holds") if chapter.good else ("✗", "fails")
    first = since + 1
    numbers = "no step" if chapter.steps < first else f"steps {first} to {chapter.steps}"
    return [page.styled((sign, style)), page.styled((numbers, "quiet")), page.styled(chapter.title)]


def _verdict(told: Story) -> tuple[str, str]:
    number = counted(len(told.run), "step")
    if told.deviation is not None:
        return f"✗ deviates: after {number} it did what the model does not allow", "fails"
    if not told.complete:
        return f"✗ conforms, and comes to nothing: each of its {number} is one of the model's", "fails"
    return f"✓ conforms: each of its {number} is one of the model's", "holds"


def data(shown: StoryShown) -> str:
    """The JSON form, versioned."""
    told = shown.story
    left: dict[str, Any] | None = None
    if told.deviation is not None:
        left = {
            "observation": told.deviation.number,
            "seen": told.deviation.seen.what,
            "alternatives": [str(each) for each in told.deviation.alternatives],
            "broken": list(told.deviation.broken),
        }
    made = {
        "version": VERSION,
        "environment": dict(told.environment),
        "scenario": shown.scenario,
        "unused": list(shown.unused),
        "chapters": [{"title": each.title, "good": each.good, "steps": each.steps} for each in told.chapters],
        "conforms": told.deviation is None,
        "complete": told.complete,
        "deviation": left,
        "left": {name: str(Path(told.folder) / name) for name in shown.left},
        "run": shown.run.run.to_json(),
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
