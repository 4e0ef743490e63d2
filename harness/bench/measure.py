"""One measurement, in a process of its own: ``python -m ccmproof.harness.bench.measure CASE CONTESTANT SECONDS``.

It prints one line of JSON, a :class:`Measured`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from ccmproof.model.kernel.errors import ModelError

from ..engines import Limit, explore
from ..engines.budget import Watch
from ..memory import peak_bytes
from .cases import built
from .dicts import search

_GRACE: Final = 15.0
"""Seconds beyond the budget, after which a process is ended: to start, to build the network, to notice its limit."""


@dataclass(frozen=True)
class Measured:
    """What one process has found.

    Attributes:
        states: how many states; where it is not ``complete``, how many until then.
        seconds: of the search alone, the network being there; counting included.
        process: seconds of the whole process, as whoever started it sees them; 0 until then.
        peak: the most memory that it held, in bytes; ``None`` where the system does not say.
        why: why it is not complete; empty where it is.
    """

    states: int
    complete: bool
    seconds: float
    process: float
    peak: int | None
    why: str


def measured(case: str, contestant: str, seconds: float) -> Measured:
    """Measure in this process.

    Raises:
        ModelError: there is no such case or contestant.
    """
    network, order = built(case)
    began = time.perf_counter()
    limit = Limit(seconds=seconds)
    if contestant == "dicts":
        watch = Watch(limit=limit)
        states, why = search(network, watch), watch.why
    else:
        found = explore(network, engine=contestant, order=order, limit=limit)
        states, why = found.states, found.why_incomplete
    return Measured(states, not why, time.perf_counter() - began, 0.0, peak_bytes(), why)


def in_a_process(case: str, contestant: str, seconds: float, environment: Mapping[str, str]) -> Measured:
    """Measure in a new process; one that does not come back in time, or breaks, is a measurement that says so."""
    command = [sys.executable, "-P", "-m", "ccmproof.harness.bench.measure", case, contestant, str(seconds)]
    began = time.perf_counter()
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", env=dict(environment), timeout=seconds + _GRACE
        )
    except subprocess.TimeoutExpired:
        return Measured(0, False, seconds, time.perf_counter() - began, None, f"ended after {seconds + _GRACE:g} s")
    whole = time.perf_counter() - began
    if done.returncode:
        told = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        return Measured(0, False, 0.0, whole, None, told[-1])
    return Measured(**{**json.loads(done.stdout), "process": whole})


def main(arguments: list[str]) -> int:
    case, contestant, seconds = arguments
    try:
        found = measured(case, contestant, float(seconds))
    except ModelError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
