"""``--workers`` and ``--executor``: who does the tasks of a long job."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ..executors import Hands

WorkersOption = Annotated[
    int | None, typer.Option("--workers", metavar="N", min=1, help="Processes; by default one for each core.")
]
ExecutorOption = Annotated[
    str, typer.Option("--executor", metavar="ADDRESS", help="A Dask cluster in place of processes: tcp://host:8786")
]

FEW = 2
"""So few tasks are done here: to start processes costs more than it gains."""


def hands_of(workers: int | None, address: str, tasks: int | None = None) -> AbstractContextManager[Hands]:
    """Who does the tasks: a cluster, so many processes, or this process.

    Args:
        tasks: how many there are, if that is known beforehand.

    Raises:
        ModelError: both are given, or the cluster cannot be had.
    """
    from ccmproof.model.kernel.errors import ModelError

    from ..executors import cluster, here, processes

    if address and workers:
        raise ModelError("--workers and --executor exclude each other")
    if address:
        return cluster(address)
    if workers is None and tasks is not None and tasks <= FEW:
        return here()
    wanted = workers or os.cpu_count() or 1
    return processes(wanted if tasks is None else min(wanted, max(1, tasks)))
