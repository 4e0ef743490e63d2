"""``ccmproof lab test``, ``bugs`` and ``suite``: conformance of components, ours, somebody else's, and spoiled ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .lab import needs_lab, say
from .options import JsonOption, OutputOption, PageFormat, PageFormatOption, QuietOption
from .output import guarded, put_out

if TYPE_CHECKING:
    from ccmproof.harness.lab.build import Parts
    from ccmproof.harness.lab.conformance.cases import Case

    from ..render.validation_parts import Part


def test(
    cases: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[CASES.json...]", help="Cases, as suite writes them; by default those shipped."),
    ] = None,
    adapter: Annotated[
        str,
        typer.Option(
            "--adapter",
            metavar="MODULE",
            help="A module, or the path of its file, whose components take the places of ours.",
        ),
    ] = "",
    schedules: Annotated[
        bool, typer.Option("--schedules/--no-schedules", help="Play what is worth doing if one looks for bugs too.")
    ] = True,
    labs: Annotated[
        int, typer.Option("--labs", metavar="N", min=0, help="So many labs roam too, each in an environment drawn.")
    ] = 10,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of the first lab that roams.")] = 0,
    patience: Annotated[
        float,
        typer.Option(
            "--patience", metavar="SECONDS", min=0.1, max=86_400, help="A component that does nothing so long hangs."
        ),
    ] = 60.0,
    form: PageFormatOption = PageFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Put components through cases and schedules, and let labs roam: does what is seen conform to the model?

    Exit code 0: it conforms; 1: something deviates, or a component hangs; 3: nothing does, and a case is inconclusive,
    since something happened that the model allows too and the case did not mean, or the test was interrupted.
    """
    with guarded():
        needs_lab()
        from ..console import check_writable
        from ..lab.conformance.cases import Verdict
        from ..lab.conformance.schedules import SCHEDULES
        from ..lab.conformance.testing import Testing
        from ..lab.conformance.watch import Watch
        from ..render.lab_told import tested, tested_json
        from ..report import Exit

        check_writable(output)
        parts = _parts(adapter)
        of = Testing(
            _read(cases), parts, SCHEDULES if schedules else (), labs, seed, tell=lambda what: say(what, quiet)
        )
        with _theirs(adapter):
            of.run(Watch(patience))
        if of.interrupted and not of.begun:
            raise KeyboardInterrupt
        whose = _whose(adapter, parts)
        _put(as_json, form, output, lambda: tested(of, whose), lambda: tested_json(of, whose))
        code = {
            Verdict.CONFORMS: Exit.AS_EXPECTED,
            Verdict.DEVIATES: Exit.UNEXPECTED,
            Verdict.INCONCLUSIVE: Exit.UNDETERMINED,
        }[of.verdict]
    raise typer.Exit(int(code))


def bugs(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...]", help="Of one alone all is told; by default all.")
    ] = None,
    form: PageFormatOption = PageFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Switch seeded bugs on, one at a time, and show the shortest run by which each is found.

    Exit code 0: each is found, and its run conforms without it; 1: one is not.
    """
    with guarded():
        needs_lab()
        from ccmproof.model.kernel.errors import ModelError, nearest

        from ..console import check_writable
        from ..lab.bugs import BUGS
        from ..lab.conformance.hunt import table
        from ..render.lab_told import bugs as told
        from ..render.lab_told import bugs_json
        from ..report import Exit

        check_writable(output)
        for name in names or ():
            if name not in BUGS:
                raise ModelError(f"there is no seeded bug {name!r}{nearest(name, BUGS)}; lab bugs lists them")
        rows = []
        for row in table([BUGS[name] for name in names] if names else None):
            rows.append(row)
            say(f"{row.bug.name}: {'found' if row.good else 'not found'}", quiet)
        _put(as_json, form, output, lambda: told(rows), lambda: bugs_json(rows))
        code = Exit.AS_EXPECTED if all(each.good for each in rows) else Exit.UNEXPECTED
    raise typer.Exit(int(code))


def suite(
    cases: Annotated[
        Path | None,
        typer.Option("--cases", metavar="FILE", help="Write the runs there, as cases to be replayed."),
    ] = None,
    bound: Annotated[
        bool, typer.Option("--bound", help="Say how many runs any suite needs at the least, as far as that is known.")
    ] = False,
    form: PageFormatOption = PageFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Find few runs that take every row of every actor of client and servers. That takes some minutes."""
    with guarded():
        needs_lab()
        from ..console import check_writable
        from ..lab.conformance.cases import case_of, write
        from ..lab.conformance.suites import suite as found
        from ..render.lab_told import suite as told
        from ..render.lab_told import suite_json

        check_writable(output)
        if cases is not None:
            check_writable(cases)
        made = found(bound=bound, tell=lambda what: say(what, quiet))
        if cases is not None:
            write([case_of(f"case-{number}", run) for number, run in enumerate(made.runs, start=1)], cases)
        _put(as_json, form, output, lambda: told(made), lambda: suite_json(made))


def _parts(adapter: str) -> Parts:
    if not adapter:
        return {}
    from ..lab.conformance.adapter import loaded

    return loaded(adapter)


def _whose(adapter: str, parts: Parts) -> str:
    return f"{', '.join(sorted(parts))} of {adapter}; the rest is ours" if adapter else "our own components"


def _read(paths: Sequence[Path] | None) -> list[Case]:
    from ..lab.conformance.cases import SHIPPED, read

    return [case for path in paths or [SHIPPED] for case in read(path)]


@contextmanager
def _theirs(adapter: str) -> Iterator[None]:
    """What somebody else's components print is no output of ours, and what they end with is told in one line.

    Raises:
        ModelError: they have ended the test.
    """
    from contextlib import redirect_stdout

    from ccmproof.model.kernel.errors import ModelError

    try:
        with redirect_stdout(sys.stderr):
            yield
    except ModelError:
        raise
    except (Exception, SystemExit) as error:
        if not adapter:
            raise
        raise ModelError(f"{adapter}: its components end the test, {type(error).__name__}: {error}") from error


def _put(
    as_json: bool,
    form: PageFormat,
    output: Path | None,
    parts: Callable[[], Iterator[Part]],
    data: Callable[[], str],
) -> None:
    from ..render.validation import drawn
    from ..render.validation_markdown import written

    if form is PageFormat.markdown and not as_json:
        put_out(True, output, lambda: written(list(parts())), lambda **_: "")
        return
    put_out(as_json or form is PageFormat.json, output, data, lambda **page: drawn(parts(), **page))
