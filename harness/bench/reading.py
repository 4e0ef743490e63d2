"""Reading logs beside a plain pass over the same file: ``python -m ccmproof.harness.bench.reading``.

Each way is a process of its own, so that its memory is its own. The log is made for it, the same each time: a client's,
of which one line in twenty may matter.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from ..cli.options import plain_app
from ..cli.output import guarded
from ..console import complain
from ..memory import peak_bytes
from ..replay.reading import read

_MATTERS: Final = b"Getting CCM Token from "
_MESSAGES: Final = (
    'Raising event: instance of CCM_ServiceHost_CertRetrieval_Status {{ ClientID = "GUID:{0:08X}"; }};',
    "Current AD site of machine is Site-{0}",
    "Policy is updated for Program: P{0}, Package: PKG{0:05}, Advert: ADV{0:05}",
    "Queued incoming message {{{0:08X}-0000-4000-8000-000000000000}} for endpoint 'execmgr'",
    "Status Agent hasn't been initialized yet. Attempting to create pending event {0}.",
)

app = plain_app(add_completion=False)


@dataclass(frozen=True)
class Pass:
    """What one way over a log took; ``kept``: how many lines came of it, of ``lines``."""

    lines: int
    kept: int
    seconds: float
    peak: int | None


def _plain(path: Path) -> tuple[int, int]:
    count = 0
    with path.open("rb") as file:
        for _ in file:
            count += 1
    return count, count


def _everything(path: Path) -> tuple[int, int]:
    with read([path]) as reading:
        kept = sum(1 for _ in reading.lines)
    return sum(reading.counts.values()), kept


def _what_matters(path: Path) -> tuple[int, int]:
    with read([path], keep=lambda message: message.startswith(_MATTERS)) as reading:
        kept = sum(1 for _ in reading.lines)
    return sum(reading.counts.values()), kept


def _recognised(path: Path) -> tuple[int, int]:
    from ..replay.patterns import recogniser

    of = recogniser()
    with read([path], keep=of.keep) as reading:
        kept = sum(1 for _ in of.all(reading.lines))
    return sum(reading.counts.values()), kept


WAYS: Final[dict[str, Callable[[Path], tuple[int, int]]]] = {
    "a plain pass": _plain,
    "what may matter": _what_matters,
    "what is recognised": _recognised,
    "every line": _everything,
}


def measured(way: str, path: Path) -> Pass:
    """Go over a log in this process."""
    began = time.process_time()
    lines, kept = WAYS[way](path)
    return Pass(lines, kept, time.process_time() - began, peak_bytes())


def in_a_process(way: str, path: Path) -> Pass:
    """Go over a log in a new process."""
    command = [sys.executable, "-P", "-m", "ccmproof.harness.bench.reading", "--way", way, str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=dict(os.environ), check=True)
    return Pass(**json.loads(done.stdout))


def write_log(path: Path, size: int) -> None:
    """Write a log of at least so many bytes: blocks of lines, the same each time."""
    block = "".join(_lines(20_000)).encode()
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(block)


def _lines(count: int) -> Iterator[str]:
    chance = random.Random(15)
    for number in range(count):
        text = chance.choice(_MESSAGES).format(number)
        if chance.random() < 0.05:
            text = f"{_MATTERS.decode()}https://gw.example.net/CCM_Proxy_ServerAuth/{number}/CCM_STS"
        yield (
            f'<![LOG[{text}]LOG]!><time="{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.'
            f'{chance.randrange(1000):03}+300" date="03-18-2024" component="CcmMessaging" context="" type="1" '
            f'thread="{4000 + number % 7}" file="ccmtoken.cpp:1204">\r\n'
        )


def table(passes: dict[str, Pass]) -> str:
    """The passes as a table in Markdown; *to plain*: how many times as long as the plain pass."""
    plain = passes["a plain pass"]
    rows = ["| way | lines | kept | lines/s | to plain | memory |", "|---|---:|---:|---:|---:|---:|"]
    for way, each in passes.items():
        memory = f"{each.peak >> 20} MiB" if each.peak is not None else ""
        rows.append(
            f"| {way} | {each.lines:,} | {each.kept:,} | {each.lines / each.seconds:,.0f} "
            f"| {each.seconds / plain.seconds:.1f} | {memory} |"
        )
    return "\n".join(rows) + "\n"


@app.command()
def main(
    path: Annotated[Path | None, typer.Argument(help="A log to read; by default one is made.")] = None,
    size: Annotated[int, typer.Option("--size", min=1, metavar="MIB", help="Of the log that is made.")] = 64,
    way: Annotated[str | None, typer.Option("--way", hidden=True)] = None,
) -> None:
    """Measure how fast logs are read, and how much memory that takes."""
    with guarded():
        if way is not None and path is not None:
            sys.stdout.write(json.dumps(asdict(measured(way, path))))
            return
        with tempfile.TemporaryDirectory(prefix="ccmproof-bench-", ignore_cleanup_errors=True) as folder:
            if path is None:
                path = Path(folder) / "CcmMessaging.log"
                write_log(path, size << 20)
            passes = {}
            for each in WAYS:
                complain(each)
                passes[each] = in_a_process(each, path)
        sys.stdout.write(table(passes))


if __name__ == "__main__":
    app()
