"""An outcome as a page to read: verdicts by concern, then the shortest counterexamples as stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ccmproof.harness.report import Judgement, Measured, Outcome, Report
from ccmproof.properties.property import Verdict
from rich.text import Text

from .bounds import bounds
from .causes import fails_when, verb_of
from .page import Page
from .premises import premises, remarks
from .profile import profile
from .story import story
from .words import SIGNS, counted, duration, in_environments, memory, number


def render(outcome: Outcome, *, width: int = 80, colour: bool = False, ascii: bool = False) -> str:
    """The page of an outcome.

    Its last line has times and memory, and a profile's phases have times; all else is the same for the same input.
    """
    page = Page(width, colour, ascii)
    for report in outcome.reports:
        _heading(page, report)
        for concern, judgements in report.concerns.items():
            page.blank()
            page.line((concern, "title"))
            page.rows([_row(page, each) for each in judgements], indent=1, widths=_widths(outcome))
        bounds(page, report)
        _stories(page, report)
        if report.profile is not None:
            page.blank()
            profile(page, report.profile, report)
        if report.stopped:
            page.blank()
            page.line((f"Cut short: {report.stopped}", "undetermined"))
        page.blank()
    _unreached(page, outcome)
    premises(page, outcome)
    _summary(page, outcome)
    return page.text()


def _heading(page: Page, report: Report) -> None:
    size = report.size
    page.line((report.scenario, "title"), f"  {first_line(report.doc)}" if report.doc else "")
    states = counted(size.states, "state") + ("" if report.complete else " so far")
    parts = [counted(size.environments, "environment"), states, counted(size.events, "event")]
    parts += [counted(size.actors, "actor") + f" ({number(size.unknowns)} never move)"]
    parts += [f"depth {number(size.depth)}"] if size.depth is not None else []
    page.line(", ".join(parts), indent=2)
    if report.settings:
        page.line("with " + ", ".join(f"{name} = {value}" for name, value in report.settings.items()), indent=2)


def first_line(text: str) -> str:
    """The first paragraph, on one line."""
    return " ".join(text.split("\n\n")[0].split())


def _widths(outcome: Outcome) -> tuple[int, int]:
    """Of the columns with the verdict and the ID, the same for every concern so that they line up."""
    judgements = outcome.judgements
    return (
        max((len(_word(each)) for each in judgements), default=0),
        max((len(each.prop.id) for each in judgements), default=0),
    )


def _word(judgement: Judgement) -> str:
    return f"{SIGNS[judgement.verdict]} {judgement.verdict.value}"


def _row(page: Page, judgement: Judgement) -> list[Text]:
    """Verdict, ID, claim; and under the claim where it fails and what is to be said of that."""
    prop = judgement.prop
    claim = page.styled(prop.claim)
    for words, of_style in _remarks(judgement):
        claim.append("\n")
        claim.append_text(page.styled((words, of_style)))
    style = "surprise" if judgement.surprising else judgement.verdict.value
    return [page.styled((_word(judgement), style)), page.styled((prop.id, "name")), claim]


def _remarks(judgement: Judgement) -> list[tuple[str, str]]:
    said = []
    if judgement.failing_count:
        where = in_environments(judgement.failing_count, judgement.total)
        said.append((f"{verb_of(judgement)} {where}", judgement.verdict.value))
    when = fails_when(judgement)
    if when:
        said.append((when, ""))
    if judgement.surprising:
        said.append((f"NOT AS EXPECTED: the suite expects that it {_expects(judgement)}", "surprise"))
    if judgement.note:
        said.append((f"{_lead(judgement)}{judgement.note}", "quiet"))
    said += [(words, "quiet") for words in remarks(judgement)]
    return said


def _lead(judgement: Judgement) -> str:
    """A failure that the suite states is told apart from one that it does not."""
    return "as expected: " if judgement.as_expected and judgement.verdict is Verdict.FAILS else ""


def _expects(judgement: Judgement) -> str:
    if judgement.verdict is judgement.expected and judgement.prop.decided_by:
        return f"holds where {judgement.prop.decided_by}"
    if judgement.prop.exactly:
        return "can happen exactly where it is said to"
    if judgement.prop.possible:
        return "can happen" if judgement.expected is Verdict.HOLDS else "cannot happen"
    return "is vacuous" if judgement.expected is Verdict.VACUOUS else judgement.expected.value


def _stories(page: Page, report: Report) -> None:
    shown = [each for each in report.judgements if each.counterexample is not None]
    if not shown:
        return
    page.blank()
    page.line(("Shortest runs", "title"))
    before: dict[tuple[object, ...], str] = {}
    for each in shown:
        assert each.counterexample is not None
        run = each.counterexample.run
        path = (*(step.event for step in run.steps), *(tuple(state.items()) for state in run.states))
        page.blank()
        story(page, each, same_as=before.get(path, ""))
        before.setdefault(path, each.prop.id)


def _unreached(page: Page, outcome: Outcome) -> None:
    if not outcome.unreached:
        return
    page.line(("Never reached in any scenario", "title"))
    page.rows(
        [
            [page.styled((each.kind, "fails")), page.styled((each.name, "name"), f": {each.what}")]
            for each in outcome.unreached
        ],
        indent=1,
    )
    page.blank()


def _summary(page: Page, outcome: Outcome) -> None:
    if outcome.interrupted:
        page.line((f"Interrupted: {outcome.interrupted}", "undetermined"))
    page.line(summary(outcome))
    code = outcome.exit
    page.line((f"exit {int(code)}: {code.meaning}", "title"))
    if outcome.reports:
        page.line((_measured(outcome), "quiet"))


def summary(outcome: Outcome) -> str:
    """How many verdicts of each kind, on one line."""
    counts = Counter(each.verdict for each in outcome.judgements)
    surprising = sum(each.surprising for each in outcome.judgements)
    kinds = {
        Verdict.HOLDS: ("holds", "hold"),
        Verdict.FAILS: ("fails", "fail"),
        Verdict.VACUOUS: ("is vacuous", "are vacuous"),
        Verdict.UNDETERMINED: ("is undetermined", "are undetermined"),
    }
    parts = [f"{counts[v]} {one if counts[v] == 1 else many}" for v, (one, many) in kinds.items() if counts[v]]
    where = f" in {counted(len(outcome.reports), 'scenario')}" if len(outcome.reports) > 1 else ""
    what = counted(sum(counts.values()), "verdict")
    never = f"; {counted(len(outcome.unreached), 'thing')} never reached" if outcome.unreached else ""
    news = sum(each.is_news for each in outcome.loose or ())
    spare = f"; {counted(news, 'conjunct')} of premises not as expected" if news else ""
    return f"{what}{where}: {', '.join(parts) or 'none'}; {surprising or 'none'} not as expected{never}{spare}"


def _measured(outcome: Outcome) -> str:
    return measured_in_words([report.measured for report in outcome.reports])


def measured_in_words(taken: Sequence[Measured]) -> str:
    """What all of it took: time and its parts, memory."""
    peak = max((each.peak_bytes or 0 for each in taken), default=0)
    parts = [("model", "build"), ("exploration", "explore"), ("verdicts", "judge"), ("runs", "runs")]
    parts += [("profile", "profile")] if any(each.profile for each in taken) else []
    split = ", ".join(f"{word} {sum(getattr(each, name) for each in taken):.1f}" for word, name in parts)
    whole = duration(sum(each.total for each in taken))
    return f"{whole} ({split})" + (f", {memory(peak)}" if peak else "")
