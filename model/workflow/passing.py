"""Extension: what may fail for a while fails, as often as it likes, until all of that is over; nobody knows when.

So an attempt is failed by a *passing* fault (L-04). It is the usual assumption about a network that is bad at first:
from some moment on, which nobody can know, it is good (Dwork, Lynch, Stockmeyer, "Consensus in the presence of partial
synchrony", JACM 1988). Without it a promise has a fair run in which every fault is mended again and again, and yet
something else is always broken at the step that needs all of it (:mod:`ccmproof.properties.liveness`).

What is broken when the faults are over stays so until it is mended; users come and go as before, and tokens die.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import send
from ccmproof.model.kernel.edit import AddRow

from .extension import Extension

PASSING = Extension(
    "passing",
    "All faults are over at some time, for good",
    lambda scale: [],
    (AddRow("faults_happen", send("faults_are_over", "on", "off", cites="A13 A24 L-04")),),
)
