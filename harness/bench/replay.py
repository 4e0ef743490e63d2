"""Replay as a whole, beside a plain pass over the same log: ``python -m ccmproof.harness.bench.replay``.

How fast lines are read and recognised, and what the command takes, from its start to its end, in a process of its own;
what is kept of the model is there before. The log is made for it, the same each time: a client's that renews its token
for weeks, of which one line in twenty is recognised.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from ..cli.options import plain_app
from ..cli.output import guarded
from ..console import complain
from . import reading
from .reading import Pass

EVERY: Final = 20
"""One line in so many is one of these:"""
RENEWAL: Final = (
    "CCM Token for 'S-1-5-21-2090417731-1835230162-3020431187-2419' ({ends}) is already expired or close to expire",
    "Getting CCM Token from https://gw.example.net/CCM_Proxy_ServerAuth/72057594037927945/CCM_STS",
    "Cached encrypted token for 'S-1-5-21-2090417731-1835230162-3020431187-2419'. Will expire at '{next}'",
    "ccmhttp: Host=gw.example.net, Path=/CCM_Proxy_ServerAuth/72057594037927945/ccm_system_tokenauth/request, Port=443,"
    " Protocol=https, CcmTokenAuth=1, Flags=0x4200, Options=0x1e0",
    "Appending CCM Token to the header.",
)
_OTHERS: Final = (
    "Policy is updated for Program: P{0}, Package: PKG{0:05}, Advert: ADV{0:05}",
    "Queued incoming message {{{0:08X}-0000-4000-8000-000000000000}} for endpoint 'execmgr'",
    "Evaluating deployment {0} of an application, {1} states are left",
    "Successfully queued event on endpoint 'ADV{0:05}', {1} are waiting",
)

app = plain_app(add_completion=False)


@dataclass(frozen=True)
class Whole:
    """What the command took: seconds by the wall's clock and of the processor, and bytes; ``None``: nobody says."""

    seconds: float
    cpu: float | None
    peak: int | None


def write_log(path: Path, size: int) -> None:
    """Write a log of at least so many bytes: blocks of lines, the same each time."""
    block = "".join(_lines(100_000)).encode()
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(block[: block.rfind(b"\n", 0, size - file.tell() + 400) + 1])


def _lines(count: int) -> Iterator[str]:
    chance = random.Random(15)
    for number in range(count):
        seconds = 288 * number  # eight hours from one renewal to the next
        if number % EVERY:
            text = chance.choice(_OTHERS).format(number, number % 9)
        else:
            text = RENEWAL[number // EVERY % len(RENEWAL)].format(ends=_moment(seconds), next=_moment(seconds + 28_800))
        yield (
            f'<![LOG[{text}]LOG]!><time="{_clock(seconds)}.000+000" date="{_day(seconds).replace("/", "-")}" '
            f'component="CcmMessaging" context="" type="1" thread="{4000 + number % 7}" file="ccmtoken.cpp:1204">\r\n'
        )


def _day(seconds: int) -> str:
    days = seconds // 86_400
    return f"{1 + days // 28 % 12:02}/{1 + days % 28:02}/2024"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _moment(seconds: int) -> str:
    return f"{_day(seconds)} {_clock(seconds)}"


def command(path: Path) -> Whole:
    """Run ``ccmproof replay`` on a log, in a new process.

    Raises:
        OSError: it cannot be run, or the log cannot be read.
    """
    began = time.perf_counter()
    arguments = [sys.executable, "-P", "-m", "ccmproof.harness.cli", "replay", str(path)]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL) as process:
        if sys.platform == "win32":
            cpu, peak = None, None
            code = process.wait()
        else:
            _, status, usage = os.wait4(process.pid, 0)
            code = process.returncode = os.waitstatus_to_exitcode(status)
            cpu = usage.ru_utime + usage.ru_stime
            peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if code not in (0, 1, 3):
        raise OSError(f"ccmproof replay ends with {code}")
    return Whole(time.perf_counter() - began, cpu, peak)


def table(size: int, plain: Pass, recognised: Pass, whole: Whole) -> str:
    """What was found, as a table in Markdown."""
    rows = [
        ("log", f"{size / (1 << 20):,.1f} MiB, {recognised.lines:,} lines, {recognised.kept:,} recognised"),
        ("a plain pass", f"{plain.lines / plain.seconds:,.0f} lines/s"),
        ("read and recognised", f"{recognised.lines / recognised.seconds:,.0f} lines/s"),
        ("to plain", f"{recognised.seconds / plain.seconds:.1f}"),
        ("the whole command", f"{whole.seconds:.2f} s{'' if whole.cpu is None else f', {whole.cpu:.2f} s of CPU'}"),
    ]
    if whole.peak is not None:
        rows.append(("its memory", f"{whole.peak >> 20} MiB at most"))
    return "\n".join(["| what | found |", "|---|---|", *(f"| {what} | {found} |" for what, found in rows)]) + "\n"


@app.command()
def main(
    path: Annotated[Path | None, typer.Argument(help="A log to read; by default one is made.")] = None,
    size: Annotated[int, typer.Option("--size", min=1, metavar="MIB", help="Of the log that is made.")] = 5,
) -> None:
    """Measure how fast logs are replayed, and how much memory that takes."""
    with guarded(), tempfile.TemporaryDirectory(prefix="ccmproof-bench-", ignore_cleanup_errors=True) as folder:
        log = path or Path(folder) / "CcmMessaging.log"
        complain("what is needed of the model")
        first = Path(folder) / "warm" / "CcmMessaging.log"
        first.parent.mkdir()
        write_log(first, 1 << 16)
        command(first)
        if path is None:
            write_log(log, size << 20)
        complain("a plain pass, and what is recognised")
        plain, recognised = (reading.in_a_process(way, log) for way in ("a plain pass", "what is recognised"))
        complain("the whole command")
        sys.stdout.write(table(log.stat().st_size, plain, recognised, command(log)))


if __name__ == "__main__":
    app()
