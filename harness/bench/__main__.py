"""``python -m ccmproof.harness.bench``: every engine beside every other, in one run."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..cli.options import plain_app
from ..cli.output import guarded
from ..console import complain
from .cases import QUICK, USUAL, Case, built
from .measure import in_a_process
from .table import Entry, disagreements, table

app = plain_app(add_completion=False)


@app.command()
def main(
    quick: Annotated[bool, typer.Option("--quick", help="Small products only.")] = False,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", metavar="NAME", help="This one, by everybody; may be repeated.")
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", metavar="BUDGET", min=0.1, help="For each search.")] = 60.0,
) -> None:
    """Measure the engines, a plain search and networkx side by side, each in a process of its own.

    Exit code 0 when all that finished count the same states, 1 when they do not, 2 for unusable input.
    """
    with guarded():
        cases = [Case(name) for name in scenario or ()] or list(QUICK if quick else USUAL)
        for case in cases:
            built(case.name)  # an unknown name is told before anything is measured
        entries = list(_entries(cases, seconds))
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a text stream
    sys.stdout.write(table(entries))
    odd = disagreements(entries)
    for line in odd:
        complain(f"the counts differ: {line}")
    raise typer.Exit(1 if odd else 0)


def _entries(cases: Sequence[Case], seconds: float) -> Iterator[Entry]:
    """Measure case after case. The compiled engine begins with a cache folder that is empty, and is shown twice."""
    with tempfile.TemporaryDirectory(prefix="ccmproof-bench-", ignore_cleanup_errors=True) as folder:
        cache = Path(folder)
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONHASHSEED": "0"}
        compiled = False
        for case in cases:
            for contestant in case.contestants:
                again = ["first process", "second process"] if contestant == "numba" and not compiled else [""]
                compiled = compiled or contestant == "numba"
                for process in again:
                    complain(" ".join(filter(None, (case.name, contestant, process))))
                    yield Entry(
                        case.name, contestant, process, in_a_process(case.name, contestant, seconds, environment)
                    )


if __name__ == "__main__":
    app()
