"""One actor as SCXML 1.0 (W3C), for tools that read state machines.

What an actor is does not fit SCXML everywhere; this is how it is said:

- The datamodel is ``ecmascript``: with ``null`` a guard could read nothing but the machine's own state. What a guard
  reads of other actors stands in the datamodel, one item for each, a string that begins at the actor's first initial
  state. Nothing in the document assigns to it: the other actors are whoever runs the machine. The guard as it was
  written is ``ccm:when``; ``cond`` is the same with predicates opened and ``otherwise`` spelled out.
- An event that comes in *happens*, whoever decides it; ``ccm:decides`` says whether this actor does. What it does to
  data beside the actor's own step is ``ccm:effect``, in words.
- SCXML takes the first transition that may be taken, in the order of the document. An actor may take any of them. So it
  is with the beginning: a machine begins in :data:`START`, from where a transition without an event leads to each
  initial state.
- A row has a transition in each of its sources (``ccm:row`` counts them, so that they can be put together again); a row
  that stays where it is has no target.
- Names that SCXML does not take are altered (:func:`identifiers`); ``ccm:name`` and ``ccm:event`` say the right ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from ccmproof.model.kernel.actor import ActorDef, Row
from ccmproof.model.kernel.condition import TRUE, And, Condition, In, Named, Not, Or, actors_of
from ccmproof.model.kernel.network import Actor, Network, Transition

SCXML: Final = "http://www.w3.org/2005/07/scxml"
CCM: Final = "urn:ccmproof:actor:1"
"""The namespace of what SCXML has no place for."""
START: Final = "start"
"""The state before the first one, as long as the actor has no state of that name."""
_RESERVED: Final = """
    arguments await break case catch class const continue debugger default delete do else enum eval export extends false
    finally for function if implements import in instanceof interface let new null package private protected public
    return static super switch this throw true try typeof undefined var void while with yield In
"""
"""What ECMAScript keeps for itself, and SCXML's predicate."""


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """Names as XML and ECMAScript both take them, each different: letters, digits and ``_``, no digit first."""
    found: dict[str, str] = {}
    reserved = _RESERVED.split()
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        plain = plain if plain and not plain[0].isdigit() and plain[0] != "_" else f"x{plain}"
        while plain in reserved or plain in found.values():
            plain += "_"
        found[name] = plain
    return found


def scxml(of: ActorDef, network: Network) -> bytes:
    """The actor of a network as an SCXML document, in UTF-8."""
    actor = network.actor[of.name]
    ids = identifiers(actor.states)
    start = START
    while start in ids.values():
        start += "_"
    reads = frozenset[str]().union(*(actors_of(row.when) for row in actor.transitions)) - {actor.name}
    data = identifiers(each.name for each in network.actors if each.name in reads)
    events = identifiers(dict.fromkeys(row.event for row in actor.transitions))
    root = ET.Element("scxml", {"xmlns": SCXML, "xmlns:ccm": CCM, "version": "1.0", "datamodel": "ecmascript"})
    root.attrib |= {"name": actor.name, "initial": start}
    _say(root, host=actor.host, cites=" ".join(actor.cites), doc=" ".join(actor.doc.split()))
    if data:
        root.append(_datamodel(network, data))
    begin = ET.SubElement(root, "state", id=start)
    for state in actor.initial:
        ET.SubElement(begin, "transition", target=ids[state])
    for state in actor.states:
        here = ET.SubElement(root, "state", id=ids[state])
        _say(here, name="" if ids[state] == state else state)
        for number, transition in enumerate(actor.transitions):
            if state in transition.sources:
                written = of.rows[number] if number < len(of.rows) else None
                here.append(_transition(number, transition, written, actor, network, ids, data, events))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _say(element: ET.Element, /, **attributes: str) -> None:
    """Attributes of :data:`CCM`; those that are empty are left out."""
    for name, text in attributes.items():
        if text:
            element.set(f"ccm:{name}", text)


def _datamodel(network: Network, data: Mapping[str, str]) -> ET.Element:
    model = ET.Element("datamodel")
    for name, identifier in data.items():
        actor = network.actor[name]
        item = ET.SubElement(model, "data", id=identifier, expr=_text(actor.initial[0]))
        _say(item, name="" if identifier == name else name, states=" ".join(map(_text, actor.states)))
    return model


def _transition(
    number: int,
    transition: Transition,
    row: Row | None,
    actor: Actor,
    network: Network,
    ids: Mapping[str, str],
    data: Mapping[str, str],
    events: Mapping[str, str],
) -> ET.Element:
    found = ET.Element("transition", event=events[transition.event])
    if transition.when != TRUE:
        found.set("cond", _Spelling(actor, network, ids, data).spelled(transition.when))
    if transition.dest is not None:
        found.set("target", ids[transition.dest])
    decides = row is not None and row.sends
    _say(
        found,
        row=str(number),
        event="" if events[transition.event] == transition.event else transition.event,
        when="" if transition.when == TRUE else " ".join(str(transition.when if row is None else row.when).split()),
        decides="true" if decides else "false",
        effect="; ".join(map(str, row.effect)) if row else "",
        status=row.status if row else "",
        cites=" ".join(transition.cites),
    )
    return found


class _Spelling:
    """Conditions as ECMAScript. Negations are pushed down to the leaves, so that nothing but ``In`` is negated."""

    def __init__(self, actor: Actor, network: Network, ids: Mapping[str, str], data: Mapping[str, str]) -> None:
        self.actor, self.network, self.ids, self.data = actor, network, ids, data

    def spelled(self, condition: Condition, holds: bool = True, inside: bool = False) -> str:
        match condition:
            case Named(body=body):
                return self.spelled(body, holds, inside)
            case Not(part=part):
                return self.spelled(part, not holds, inside)
            case And(parts=parts) | Or(parts=parts) if not parts:
                return "true" if (condition == TRUE) is holds else "false"
            case And(parts=parts) | Or(parts=parts):
                sign = " && " if isinstance(condition, And) is holds else " || "
                return _joined([self.spelled(part, holds, True) for part in parts], sign, inside)
            case In():
                return self._leaf(condition, holds, inside)
        raise TypeError(f"not a condition: {condition!r}")

    def _leaf(self, leaf: In, holds: bool, inside: bool) -> str:
        names = self.network.resolve(leaf)
        actor = self.network.actor[leaf.actor]
        if actor.name == self.actor.name:
            wanted = [state for state in actor.states if (state in names) is holds]
            return _joined([f"In('{self.ids[state]}')" for state in wanted], " || ", inside) if wanted else "false"
        sign, join = ("===", " || ") if holds else ("!==", " && ")
        there = [state for state in actor.states if state in names]
        return _joined([f"{self.data[actor.name]} {sign} {_text(state)}" for state in there], join, inside)


def _joined(parts: list[str], sign: str, inside: bool) -> str:
    text = sign.join(parts)
    return f"({text})" if inside and len(parts) > 1 else text


def _text(text: str) -> str:
    """A text as ECMAScript writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"
