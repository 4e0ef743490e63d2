"""``ccmproof mutate``: how strong the suite is, by the single edits of the model that it notices."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .completion import complete_scenario
from .hands import ExecutorOption, WorkersOption, hands_of
from .options import JsonOption, OutputOption, QuietOption, system_of
from .output import guarded, put_out

if TYPE_CHECKING:
    from ..mutation.run import Chosen, Tell
    from ..mutation.score import Verdicts
    from ..system import System

EVERY = 30.0
"""Seconds after which it is said again how a step goes, where no terminal shows it."""


class ScoreFormat(StrEnum):
    """How a mutation run is put out."""

    text = "text"
    json = "json"
    markdown = "markdown"
    html = "html"


def mutate(
    context: typer.Context,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="Only in these; several times. By default all but those on demand.",
            autocompletion=complete_scenario,
        ),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="Only edits of these kinds; several times.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="PATTERN", help="Only edits whose text, or what they touch, fits; with * and ?."
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="REV", help="Only edits of what changed since this git revision, in a checkout."
        ),
    ] = None,
    most: Annotated[
        int | None, typer.Option("--most", metavar="N", min=1, help="So many edits, spread evenly over all that fit.")
    ] = None,
    workers: WorkersOption = None,
    executor: ExecutorOption = "",
    deep: Annotated[
        bool, typer.Option("--deep", help="Look at every edit that is left in dear scenarios too; that takes hours.")
    ] = False,
    journal: Annotated[
        Path | None,
        typer.Option("--journal", metavar="FILE", help="Keep what is found there, and go on from what is in it."),
    ] = None,
    limit: Annotated[
        float, typer.Option("--limit", metavar="SECONDS", min=0, help="Cut the search of one edit short after so long.")
    ] = 120.0,
    at_least: Annotated[
        float, typer.Option("--at-least", metavar="PERCENT", min=0, max=100, help="The score that is enough.")
    ] = 90,
    form: Annotated[ScoreFormat, typer.Option("--format", help="How to put it out.")] = ScoreFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Mutate the model, edit by edit, and see which properties of the suite notice.

    Every edit is looked at in cheap scenarios before dear ones until some property is not as expected; an edit that
    changes nothing that can happen is set aside. Exit code 0 when the score is at least that of --at-least and what is
    accepted as a survivor is one, 1 when not, 2 for unusable input, 3 when an interruption or a limit leaves it open.
    """
    with guarded():
        from ..console import check_writable, complain
        from ..mutation.journal import Journal
        from ..mutation.run import mutated
        from ..mutation.score import Verdicts
        from ..mutation.work import Plan, desk

        check_writable(output)
        of = system_of(context)
        names = _scenarios(of, scenario or ())
        plan = Plan(context.obj, names, deep, seconds=limit)
        known = list(desk(plan).table.values())
        chosen = _chosen(kind or (), only or (), since, most, [mutant.part for mutant, _ in known])
        book = Journal(journal, complain)
        try:
            with hands_of(workers, executor) as hands, _telling(quiet) as tell:
                tally = mutated(plan, chosen, hands, book, tell)
        finally:
            book.close()
        texts = frozenset(mutant.name for mutant, _ in known)
        everywhere = set(names) >= set(_scenarios(of, ()))
        verdicts = Verdicts(tally, of.survivors, texts, Fraction(str(at_least)) / 100, everywhere)
        _put_out(verdicts, ScoreFormat.json if as_json else form, output)
    raise typer.Exit(int(verdicts.exit))


def _scenarios(of: System, names: Sequence[str]) -> tuple[str, ...]:
    wanted = [of.scenario(name).name for name in names]
    return tuple(dict.fromkeys(wanted)) or tuple(each.name for each in of.scenarios.values() if not each.on_demand)


def _chosen(
    kinds: Sequence[str], only: Sequence[str], since: str | None, most: int | None, parts: Sequence[str]
) -> Chosen:
    """Which edits are meant.

    Raises:
        ModelError: there is no such kind, or no such revision.
    """
    from ccmproof.model.kernel.errors import ModelError, nearest

    from ..mutation.mutants import KINDS
    from ..mutation.run import Chosen
    from ..mutation.since import touched

    for kind in kinds:
        if kind not in KINDS:
            raise ModelError(f"there is no kind of edit {kind!r}{nearest(kind, KINDS)}; there are {', '.join(KINDS)}")
    return Chosen(kinds, only, None if since is None else touched(since, parts), most)


@contextmanager
def _telling(quiet: bool) -> Iterator[Tell | None]:
    """How it goes, on standard error: a line that changes on a terminal, else one for each step and now and then."""
    from ..console import complain, saying
    from ..render.words import counted

    if quiet:
        yield None
        return
    began, last, said = time.monotonic(), "", 0.0
    with saying("mutating", quiet=quiet) as show:

        def tell(what: str, done: int, of: int) -> None:
            nonlocal last, said
            seconds = time.monotonic() - began
            if show is not None:
                show(f"{what}, {done} of {counted(of, 'edit')}, {seconds:.0f} s")
            elif what != last or seconds - said >= EVERY:
                complain(f"{what}: {done} of {counted(of, 'edit')}, {seconds:.0f} s")
                said = seconds
            last = what

        yield tell


def _put_out(verdicts: Verdicts, form: ScoreFormat, output: Path | None) -> None:
    from importlib import import_module

    from ..render.mutation import render as as_text

    data = as_text
    if form is not ScoreFormat.text:
        data = import_module(f"..render.mutation_{form.value}", __package__).render
    put_out(form is not ScoreFormat.text, output, partial(data, verdicts), partial(as_text, verdicts))
