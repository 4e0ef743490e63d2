"""The Entra authentication workflow of a Configuration Manager client, one file an actor or a tight group.

Read it in this order: `hosts`, `unknowns`, `readings` (what may be), `timing`, `tokens`, `wire` (what travels), then
the way of a client: `ccmsetup`, `entra`, `transport`, `gateway`, `connection_point`, `management_point`,
`site_database`, `registration`, `messaging`; and who means it ill: `adversary`. What only some scenarios have beside
this core is an extension, listed in `extensions`.
"""

from __future__ import annotations

from collections.abc import Mapping

from ccmproof.model.kernel.definition import Model
from ccmproof.model.scenario import Scenario

from .adversary import ADVERSARY_PARTS
from .ccmsetup import CCMSETUP_PARTS
from .connection_point import CONNECTION_POINTS
from .content import content_token
from .entra import ENTRA_PARTS, entra
from .extensions import EXTENSIONS, extended
from .fairness import FAIR
from .gateway import GATEWAY_PARTS
from .management_point import management_point
from .messaging import MESSAGING_PARTS
from .readings import PARAMETERS
from .registration import REGISTRATION_PARTS
from .scenarios import SCENARIOS
from .site_database import SITE_DATABASE
from .timing import TIME, Scale
from .tokens import PREDICATES, records
from .transport import TRANSPORT
from .unknowns import UNKNOWNS
from .wire import WIRE_PARTS

__all__ = ["EXTENSIONS", "SCENARIOS", "build", "workflow"]


def workflow(scale: Scale | None = None) -> Model:
    """The whole workflow, every unknown open and every parameter at its default.

    Args:
        scale: how long the durations are; by default the coarsest time that keeps the order of events.
    """
    scale = Scale.of(None) if scale is None else scale
    return Model.of(
        "workflow",
        UNKNOWNS,
        PARAMETERS,
        PREDICATES,
        CCMSETUP_PARTS,
        REGISTRATION_PARTS,
        MESSAGING_PARTS,
        ENTRA_PARTS,
        entra(scale),
        TRANSPORT,
        records(scale),
        content_token(scale),
        WIRE_PARTS,
        GATEWAY_PARTS,
        CONNECTION_POINTS,
        management_point(scale),
        SITE_DATABASE,
        ADVERSARY_PARTS,
        TIME,
        fairness=FAIR,
    )


def build(of: Scenario, settings: Mapping[str, str] | None = None) -> Model:
    """The model that a scenario asks about, with further settings of unknowns and parameters.

    Raises:
        ModelError: the scenario names an extension or a duration that is not there; a pin or a setting names what is
            not there, or an actor that moves.
    """
    scale = Scale.of(of.tick, closed=of.closed, durations=of.durations)
    whole = extended(workflow(scale), scale, of.extensions)
    return whole.pinned(of.pins).configured(settings or {})
