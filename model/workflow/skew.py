"""Extension: the clocks of the site may be ahead of the client's by one tick.

CMG, connection point and management point have one clock here, the client has its own. A token whose last tick has
begun by the client's clock is dead by a clock that is ahead. (A clock that is behind refuses nothing that it should
accept.)
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import unknown
from ccmproof.model.kernel.edit import SetPredicate

from .extension import Extension
from .hosts import CMG, CP, MP

SITE_CLOCK = unknown(
    "site_clock", "right ahead", host=MP, seen_by=(CMG, CP), cites="A42 N-02", doc="Against the client's, by one tick"
)

SKEW = Extension(
    "skew",
    "The site's clock may be one tick ahead of the client's",
    lambda scale: [SITE_CLOCK],
    tuple(
        SetPredicate(f"{hop}_lifetime_good",
                     "request.life is live and (site_clock is right or request.life is not left_1)")
        for hop in ("cmg", "cp", "mp")
    ),
)  # fmt: skip
