"""What is told of the edits, part by part: the score, what survives, who watches what, what a property is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccmproof.harness.mutation.mutants import KINDS
from ccmproof.harness.mutation.score import Edited, Fate, Share, Verdicts, by_part

from .validation_parts import FEW, Counts, Entries, Entry, Grid, Listing, Part, Says, Title
from .words import counted

MOST = 10
"""How many of the most valuable properties are told."""
PAGE = 30
"""So many noticed edits a page to read in a terminal tells one by one, at most."""


def parts(verdicts: Verdicts, *, folds: bool = True) -> Iterator[Part]:
    """The page: the score on the first lines, then survivors, then tables, then every edit.

    Args:
        folds: what is long is folded away, so that every edit can be told however many there are.
    """
    tally = verdicts.tally
    yield Title(f"Mutation score {percent(tally.whole)}", 1, _where(tally.asked))
    yield Says("every single edit of the model, and which properties of the suite notice it", "quiet")
    yield Counts(tuple(_counts(verdicts)), "holds" if verdicts.enough else "fails")
    if tally.interrupted:
        yield Says(f"{tally.interrupted}: {counted(tally.counts[Fate.OPEN], 'edit')} not looked at to the end", "fails")
    yield from _survivors(verdicts)
    yield Title("By kind of edit", 2)
    yield Grid(
        ("kind", "noticed", "", "what it does"),
        tuple((each.name, *_share(each), KINDS.get(each.name, "")) for each in tally.by_kind if each.judged),
    )
    yield Title("Who watches what", 2, "by part of the model; the properties that notice most of its edits first")
    yield Grid(
        ("part", "noticed", "", "by"),
        tuple((each.name, *_share(each), _some(each.by)) for each in tally.by_part),
    )
    yield from _worth(verdicts)
    yield from _aside(verdicts)
    yield from _noticed(verdicts.tally.having(Fate.NOTICED), folds)


def _where(scenarios: Sequence[str]) -> str:
    return ", ".join(scenarios) if len(scenarios) <= 4 else counted(len(scenarios), "scenario")


def percent(share: Share) -> str:
    """A share rounded down, so that 100 % means all of it."""
    if not share.judged:
        return "–"
    return f"{int(share.score * 1000) / 10:g} %"


def _share(share: Share) -> tuple[str, str]:
    return f"{share.noticed} of {share.judged}", percent(share)


def _counts(verdicts: Verdicts) -> Iterator[str]:
    tally = verdicts.tally
    yield counted(len(tally.edits), "edit")
    for fate in (Fate.NOTICED, Fate.SURVIVES, Fate.UNDETERMINED, Fate.EQUIVALENT, Fate.REFUSED, Fate.REPEATED):
        if tally.counts[fate]:
            yield f"{tally.counts[fate]} {WORDS[fate]}"


WORDS = {
    Fate.NOTICED: "noticed",
    Fate.SURVIVES: "survive",
    Fate.UNDETERMINED: "undetermined",
    Fate.EQUIVALENT: "change nothing that happens",
    Fate.REFUSED: "refused by a lint",
    Fate.REPEATED: "say the same as another",
    Fate.OPEN: "open",
}


def _survivors(verdicts: Verdicts) -> Iterator[Part]:
    unexplained = [each for each in verdicts.tally.having(Fate.SURVIVES) if each.mutant.name not in verdicts.accepted]
    if unexplained:
        yield Title("Survivors", 2, "nothing notices these, and nobody has said why that is right")
        yield from _grouped(unexplained)
    undetermined = verdicts.tally.having(Fate.UNDETERMINED)
    if undetermined:
        yield Title("Undetermined", 2, "nothing had noticed these where a search was cut short")
        yield Entries(tuple(_entry(each, "?", "undetermined", each.why) for each in undetermined))
    explained = [each for each in verdicts.tally.having(Fate.SURVIVES) if each.mutant.name in verdicts.accepted]
    if explained:
        yield Title("Accepted survivors", 2, "it is right that nothing notices these")
        reasons: dict[str, list[str]] = {}
        for each in explained:
            reasons.setdefault(verdicts.accepted[each.mutant.name], []).append(each.mutant.name)
        for reason, texts in reasons.items():
            yield Listing(f"{reason}:", tuple(texts))
    for text, why in verdicts.stale.items():
        yield Says(f"accepted as a survivor, but {why}: {text}", "fails")


def _grouped(edits: Sequence[Edited]) -> Iterator[Part]:
    """Survivors by the part of the model that they touch."""
    for part, some in by_part(edits).items():
        yield Title(part, 3, counted(len(some), "survivor"))
        yield Entries(tuple(_entry(each, "✗", "fails", "") for each in some))


def _entry(edited: Edited, sign: str, style: str, why: str) -> Entry:
    mutant = edited.mutant
    remarks = [(f"[{mutant.cites}]", "quiet")] if mutant.cites else []
    if why:
        remarks.append((f"{edited.where}: {why}", style))
    return Entry(sign, mutant.kind, style, "", mutant.name, tuple(remarks))


def _worth(verdicts: Verdicts) -> Iterator[Part]:
    worth = verdicts.tally.worth
    best = [each for each in worth if each.alone][:MOST]
    if best:
        yield Title("The most valuable properties", 2, "by what each alone notices, in the step that notices first")
        yield Grid(
            ("property", "alone", "notices", "claim"),
            tuple((each.id, str(each.alone), str(each.notices), each.claim) for each in best),
        )
    idle = verdicts.tally.idle
    if idle is None and best:
        yield Says(
            f"{counted(verdicts.tally.whole.judged, 'edit')} and {counted(len(worth), 'property', 'properties')}: "
            "too few to say which property is worth nothing", "quiet",
        )  # fmt: skip
    elif idle:
        yield Title("Candidates for removal", 2, "they alone notice no edit; each may still say what another does not")
        yield Grid(
            ("property", "notices", "claim"),
            tuple((each.id, str(each.notices), each.claim) for each in idle),
        )


def _aside(verdicts: Verdicts) -> Iterator[Part]:
    refused: dict[str, int] = {}
    for each in verdicts.tally.having(Fate.REFUSED):
        rule = each.why.split(":")[0]
        refused[rule] = refused.get(rule, 0) + 1
    if refused:
        yield Title("Refused before anything is explored", 2)
        rows = sorted(refused.items(), key=lambda pair: (-pair[1], pair[0]))
        yield Grid(("rule", "edits"), tuple((rule, str(count)) for rule, count in rows))


def _noticed(noticed: Sequence[Edited], folds: bool) -> Iterator[Part]:
    """Each edit that is noticed, in the scenario where that was first, and by what."""
    if not noticed:
        return
    yield Title("What notices which edit", 2, "in the step that notices first")
    if not folds and len(noticed) > PAGE:
        yield Says(f"--format markdown, html and json tell all {len(noticed)}; --only chooses some", "quiet")
        return
    for part, some in by_part(noticed).items():
        yield Listing(f"{part}:", tuple(map(_by, some)), few=FEW if folds else PAGE)


def _by(edited: Edited) -> str:
    more = " and perhaps more" if edited.why else ""
    return f"{edited.mutant.name} – in {edited.where} by {', '.join(edited.by)}{more}"


def _some(by: Sequence[str]) -> str:
    shown = ", ".join(by[:5])
    return f"{shown} and {len(by) - 5} more" if len(by) > 6 else ", ".join(by)
