"""A property as it is said of a changed design, which may lack what the property speaks of.

An event that is not there never happens: a claim about it alone is then vacuous, a possibility of it is none, and a
machine that watches for it is never moved by it. An actor or a state that is not there leaves nothing to be said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ccmproof.model.kernel.actor import ActorDef
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network
from ccmproof.properties.property import Property, attempted, broken, kept

from ..judge import Asked

NEVER = "false"


@dataclass(frozen=True)
class Fitted:
    """A property and what becomes of it.

    Attributes:
        prop: as it is said of the design; ``None`` where it cannot be said.
        gone: the events that it speaks of and that are not there.
        why: why it cannot be said.
    """

    prop: Property | None
    gone: tuple[str, ...] = ()
    why: str = ""


def fitted(properties: Iterable[Property], model: Model) -> list[Fitted]:
    """The properties as they are said of the model; those in time have been read for a scenario."""
    events = set(model.taken)
    found = [_without(prop, events) for prop in properties]
    watching = {each.name: each for fit in found if fit.prop is not None for each in fit.prop.observers}
    network = None
    sayable: list[Fitted] = []
    for fit in found:
        try:
            network = network or expand(model.extended(*watching.values()))
        except ModelError:
            sayable.append(_alone(fit, model))
            continue
        sayable.append(_read(fit, network))
    return sayable


def _alone(fit: Fitted, model: Model) -> Fitted:
    """The same for one property, where some machine that watches cannot be said of the model."""
    assert fit.prop is not None
    try:
        network = expand(model.extended(*fit.prop.observers))
    except ModelError as error:
        return Fitted(None, fit.gone, str(error))
    return _read(fit, network)


def _read(fit: Fitted, network: Network) -> Fitted:
    """The property, if its words are those of the network.

    What decides it may be no unknown any more: then it is a claim about all environments.
    """
    assert fit.prop is not None
    try:
        for reading in (broken, kept, attempted):
            reading(fit.prop, network)
    except ModelError as error:
        return Fitted(None, fit.gone, str(error))
    try:
        Asked.of(fit.prop, network)
    except ModelError as error:
        if fit.prop.exactly:
            return Fitted(None, fit.gone, str(error))
        everywhere = "true" if fit.prop.possible else ""
        return replace(fit, prop=replace(fit.prop, decided_by=everywhere))
    return fit


def _without(prop: Property, events: set[str]) -> Fitted:
    """The property without the events that are not there."""
    watched = [row.event for each in prop.observers for row in each.rows]
    gone = tuple(dict.fromkeys(name for name in (*prop.on, *prop.without, *watched) if name not in events))
    if not gone:
        return Fitted(prop)
    on = tuple(name for name in prop.on if name in events)
    changed = replace(
        prop,
        on=on,
        without=tuple(name for name in prop.without if name in events),
        observers=tuple(_still(each, events) for each in prop.observers),
    )
    if prop.on and not on:
        changed = replace(changed, then=NEVER) if prop.possible else replace(changed, when=NEVER, attempt=NEVER)
    return Fitted(changed, gone)


def _still(of: ActorDef, events: set[str]) -> ActorDef:
    return replace(
        of,
        rows=tuple(row for row in of.rows if row.event in events),
        ignores=tuple(name for name in of.ignores if name in events),
    )
