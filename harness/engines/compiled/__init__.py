"""The symbolic engine's twin in machine code: the same nodes, the sooner the larger the model is. It needs numba.

The plain twin is what to read. Here is one array and the functions that work in it (:mod:`.kernels`),
its growth and how it is watched (:mod:`.arena`), and the same interfaces on top (:mod:`.twin`).
"""

from __future__ import annotations

from collections.abc import Sequence

from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Network

from ..budget import Limit, Progress, Watch
from ..order import Order
from ..symbolic import Closing, Symbolic, Way
from ..symbolic import explore as _explore

try:
    from .arena import Arena, Store
    from .kernels import FORWARD
    from .twin import CompiledRelations, CompiledRings, CompiledSaturation
except ImportError as error:
    raise ModelError(
        f"the engine 'numba' cannot be loaded ({error}): pip install 'ccmproof[fast]', or choose --engine plain"
    ) from error


class Compiled(Symbolic):
    """What the compiled twin has found."""

    engine = "numba"
    store: Store
    relations: CompiledRelations

    def _made(self) -> tuple[Store, CompiledRelations]:
        store = Store(Arena(self.layout.sizes, self.layout.floor, self._watch))
        return store, CompiledRelations(store, self.layout.floor)

    def _saturation(self, events: Sequence[int], watch: Watch, way: Way = Way.FORTH) -> Closing:
        return CompiledSaturation(self.store, self.relations, events, watch, FORWARD + way.value)

    def _rings(self) -> CompiledRings:
        return CompiledRings(self.store, self.relations, self.events, self.layout)


def explore(
    network: Network,
    *,
    order: Order | None = None,
    progress: Progress | None = None,
    limit: Limit | None = None,
) -> Symbolic:
    """Explore by saturation; ``order`` are the levels of the moving actors, the highest first."""
    return _explore(network, order=order, progress=progress, limit=limit, kind=Compiled)
