"""What is needed of premises: a line under a claim for one scenario, a section for all of them together, data."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from ccmproof.harness.premises import Loose, Need
from ccmproof.harness.report import Judgement, Outcome
from rich.text import Text

from .page import Page

LEADS = {Need.SPARE: "not needed here", Need.SETTLED: "settled here"}


def remarks(judgement: Judgement) -> list[str]:
    """What the scenario does not need of the claim's premise; nothing where that was not asked."""
    said = []
    for need, lead in LEADS.items():
        of = [each.text for each in judgement.premise or () if each.need is need]
        if of:
            said.append(f"{lead}: {'; '.join(of)}")
    return said


def premises(page: Page, outcome: Outcome) -> None:
    """The conjuncts that no scenario needs, by claim, with the reason why they stay; first what is news."""
    loose = sorted(outcome.loose or (), key=lambda each: not each.is_news)
    if not loose:
        return
    page.line(("In a premise, and needed in no scenario", "title"))
    groups = groupby(loose, key=lambda each: (each.prop, says(each), each.is_news))
    page.rows([_row(page, name, [each.text for each in of], what, news) for (name, what, news), of in groups], indent=1)
    page.blank()


def _row(page: Page, name: str, conjuncts: list[str], what: str, news: bool) -> list[Text]:
    said = page.styled("; ".join(conjuncts), "\n", (what, "surprise" if news else "quiet"))
    return [page.styled((name, "name")), said]


def says(loose: Loose) -> str:
    """Why it stays, or why that is news."""
    if loose.needed_in:
        return f"NOT AS EXPECTED: the suite lists it, and it is needed in {', '.join(loose.needed_in)}"
    return loose.reason or "NOT AS EXPECTED: the suite does not say why it stays"


def of_judgement(judgement: Judgement) -> dict[str, Any]:
    """The data of one claim in one scenario; none where it was not asked, or is not known."""
    if judgement.premise is None:
        return {}
    return {"premise": [{"conjunct": each.text, "need": each.need.value} for each in judgement.premise]}


def of_outcome(outcome: Outcome) -> dict[str, Any]:
    """The data of all scenarios together; none where it was not asked, or cannot be said."""
    if outcome.loose is None:
        return {}
    return {
        "spare": [
            {"property": each.prop, "conjunct": each.text, "reason": each.reason, "needed_in": list(each.needed_in)}
            for each in outcome.loose
        ]
    }
