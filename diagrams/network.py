"""A network as a graph: who decides what, by host, and which other actors the events move.

Shown are the actors that decide something. Two of them are joined by one arrow, however many events they share; it
names some of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ccmproof.model.kernel.network import Actor, Event, Network

from .form import Edge, Graph, Group, Node, Role
from .words import some, stacked, words

MOST = 2
"""How many events an arrow names."""


def network_graph(network: Network, title: str, events: Collection[str]) -> Graph:
    """The actors of a network by host, and the events that they share.

    Args:
        events: those that are told; all others, and who decides nothing but them, are left out.
    """
    told = [event for event in network.events if event.name in events and event.controller]
    decides: dict[str, int] = {}
    for event in told:
        decides[event.controller] = decides.get(event.controller, 0) + 1
    shown = [each for each in network.actors if each.name in decides]
    hosts = dict.fromkeys(each.host for each in shown)
    nodes = tuple(_node(each, decides[each.name]) for each in shown)
    edges = tuple(_edge(network, pair, shared) for pair, shared in _shared(network, told, decides).items())
    groups = tuple(Group(host, host or "no host") for host in hosts)
    notes = (
        "an arrow: events that the one decides and that move the other; dotted, ✗: all of them refuse",
        "left out: what never happens here, and who decides nothing",
    )
    return Graph(title, nodes, edges, groups, notes)


def _node(of: Actor, decides: int) -> Node:
    return Node(of.name, (words(of.name), f"decides {decides} event{'' if decides == 1 else 's'}"), group=of.host)


def _edge(network: Network, pair: tuple[str, str], events: list[str]) -> Edge:
    refuse = all(network.event[name].refusal for name in events)
    label = stacked([some(map(words, events), MOST)])
    return Edge(*pair, label, Role.REFUSAL if refuse else Role.PLAIN)


def _shared(network: Network, told: Collection[Event], shown: Collection[str]) -> dict[tuple[str, str], list[str]]:
    """For each two actors the events that the one decides and that move the other."""
    found: dict[tuple[str, str], list[str]] = {}
    for event in told:
        for receiver in _moved(network, event):
            if receiver in shown:
                found.setdefault((event.controller, receiver), []).append(event.name)
    return found


def _moved(network: Network, event: Event) -> Iterator[str]:
    """The receivers that the event may move."""
    for name in event.receivers:
        rows = network.actor[name].by_event[event.name]
        if any(row.dest is not None and row.sources != {row.dest} for row in rows):
            yield name
