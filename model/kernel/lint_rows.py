"""Lints of rows and effects: who decides, who blocks, what overlaps, what no row covers, what stops time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from .actor import ANY, STAY, ActorDef, Row
from .condition import FALSE, TRUE, Condition, In, all_of, any_of, quoted, rewrite
from .decide import Decider
from .definition import Model
from .errors import Finding
from .expand import Expansion, Write
from .network import Network


@dataclass(frozen=True)
class Ruled:
    """A row with its sources resolved and its guard spelled out."""

    row: Row
    sources: frozenset[str]
    when: Condition

    def claim(self, actor: str) -> Condition:
        """The condition under which the row applies."""
        return all_of(In(actor, self.sources), self.when) if self.sources else FALSE


class Look:
    """A model beside its network, as the rules read them."""

    def __init__(
        self, model: Model, network: Network, decider: Decider | None = None, expansion: Expansion | None = None
    ) -> None:
        self.model = model
        self.network = network
        self.expansion = expansion or Expansion(model)
        self.decider = decider or Decider(network)
        self.defs: Mapping[str, ActorDef] = {of.name: of for of in model.actors}

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], list[Ruled]]:
        """The rows of each actor and event, in the order of the model."""
        found: dict[tuple[str, str], list[Ruled]] = {}
        for of in self.model.actors:
            for row in of.rows:
                ruled = Ruled(row, self.expansion.sources(of, row), self.expansion.when(of, row))
                found.setdefault((of.name, row.event), []).append(ruled)
        return found

    @cached_property
    def senders(self) -> Mapping[str, list[str]]:
        """The actors that have rows which send the event."""
        found: dict[str, list[str]] = {}
        for (name, event), rows in self.rows.items():
            if any(ruled.row.sends for ruled in rows):
                found.setdefault(event, []).append(name)
        return found

    def guard_of(self, event: str) -> Condition:
        """The event's own guard as it is written, without what urgency adds to time's."""
        notes = [note for note in self.model.events if note.name == event]
        return self.expansion.guard(notes[0].guard, f"event {event}") if notes else TRUE

    def demanded(self, event: str) -> Condition:
        """The condition under which the event would happen if it were for its guard and its controller alone."""
        rows = [(name, ruled) for name in self.senders.get(event, ()) for ruled in self.rows[name, event]]
        sent = [ruled.claim(name) for name, ruled in rows if ruled.row.sends]
        return all_of(self.guard_of(event), any_of(*sent) if sent else TRUE)


def no_controller(look: Look) -> Iterator[Finding]:
    """Every event has an actor that decides it."""
    for event in look.network.events:
        if event.name not in look.senders:
            what = f"nobody sends it; {', '.join(event.participants)} would receive it"
            yield Finding("no-controller", event.name, what, "let one actor's row send it")


def two_controllers(look: Look) -> Iterator[Finding]:
    """Every event has one controller, and that one does not receive it as well."""
    for event, senders in look.senders.items():
        if len(senders) > 1:
            mend = "let one of them send and the others receive, or give each an event of its own"
            yield Finding("two-controllers", event, f"{' and '.join(senders)} send it", mend)
        for name in senders:
            if not all(ruled.row.sends for ruled in look.rows[name, event]):
                what = "it sends the event in some rows and receives it in others"
                yield Finding("two-controllers", f"{name}/{event}", what, "let all of its rows send it")


def never_offered(look: Look) -> Iterator[Finding]:
    """Some row that sends the event can apply."""
    for event in look.network.events:
        if event.name in look.senders and look.decider.satisfiable(look.demanded(event.name)) is None:
            place = f"{event.controller}/{event.name}"
            what = "no row that sends it can ever apply: its guards contradict themselves or one another"
            yield Finding("never-offered", place, what, "weaken the guard, or drop the event")


def blocking_receivers(look: Look) -> Iterator[Finding]:
    """Who receives an event takes it in every state in which its controller would have it happen."""
    mend = "add rows, name the event in ignores (it stays) or in holds_up (the sender waits)"
    for of, event in _received(look):
        if event != look.model.tick:
            yield from _blocks(look, of, event, "blocking-receiver", mend)


def time_stops(look: Look) -> Iterator[Finding]:
    """No actor keeps time from passing unsaid."""
    mend = "add rows that stay, or name the states in frozen, the event in ignores or in holds_up"
    for of, event in _received(look):
        if event == look.model.tick:
            yield from _blocks(look, of, event, "time-stops", mend)


def _received(look: Look) -> Iterator[tuple[ActorDef, str]]:
    for name, event in look.rows:
        of = look.defs[name]
        declared = event in of.ignores or event in of.holds_up
        if not declared and name not in look.senders.get(event, ()):
            yield of, event


def _blocks(look: Look, of: ActorDef, event: str, rule: str, mend: str) -> Iterator[Finding]:
    rows = look.rows[of.name, event]
    demanded = look.demanded(event)
    refused = ~any_of(*(ruled.claim(of.name) for ruled in rows))
    if look.decider.satisfiable(all_of(demanded, refused)) is None:
        return
    for state in of.states:
        case = look.decider.satisfiable(all_of(demanded, In(of.name, frozenset({state})), refused))
        if case is not None:
            what = "it blocks the event: no row receives it"
            if any(state in ruled.sources for ruled in rows):
                what = f"it may block the event{_where(case, of.name)}"
            yield Finding(rule, f"{of.name}/{event}/{state}", what, mend)


def frozen_clocks(look: Look) -> Iterator[Finding]:
    """Time moves every state of a clock that is not named in ``frozen``, and none that is."""
    for of in look.model.actors:
        if not of.clock:
            continue
        rows = look.rows.get((of.name, look.model.tick), [])
        frozen = _opened(of, of.frozen)
        for state in of.states:
            moved = any(state in ruled.sources and ruled.row.dest not in (state, STAY) for ruled in rows)
            place = f"{of.name}/{look.model.tick}/{state}"
            if not moved and state not in frozen:
                mend = "add the row, or name the state in frozen"
                yield Finding("frozen-clock", place, "time does not move it from there", mend)
            if moved and state in frozen:
                what = "it is named in frozen, and time moves it"
                yield Finding("frozen-clock", place, what, "drop the row, or the name")


def overlaps(look: Look) -> Iterator[Finding]:
    """Two rows of one actor and event that may apply together say that it is a choice; only rows tell effects apart."""
    for (name, event), rows in look.rows.items():
        for one, two in combinations(rows, 2):
            shared = one.sources & two.sources
            if not shared:
                continue
            case = look.decider.satisfiable(all_of(In(name, shared), one.when, two.when))
            if case is None:
                continue
            place = f"{name}/{event}/{case[name]}"
            which = f"rows {rows.index(one) + 1} and {rows.index(two) + 1} of the event both apply"
            if not (one.row.choice or two.row.choice):
                yield Finding("overlap", place, which + _where(case, name), "tell them apart, or say choice=True")
            elif one.row.effect != two.row.effect:
                what = f"{which}, and their effects differ: whichever row is taken, both would be written"
                yield Finding("overlap", place, what, "give each its own event, or both the same effects")


def conflicting_effects(look: Look) -> Iterator[Finding]:
    """No two effects of one event write different values to one field at the same time."""
    for (event, name), writes in look.expansion.writes.items():
        for one, two in combinations(writes, 2):
            together = all_of(one.when, two.when, _differ(look, one, two))
            if together != FALSE:
                case = look.decider.satisfiable(all_of(together, _ready(look, event)))
                if case is not None:
                    what = f"two effects write it{_where(case, '')}: {_written(one)} and {_written(two)}"
                    yield Finding("conflicting-effects", f"{name}/{event}", what, "tell their conditions apart")


def _differ(look: Look, one: Write, two: Write) -> Condition:
    """The condition under which two effects write different values."""
    values = {*_brought(look, one), *_brought(look, two)}
    if one.source is None and two.source is None:
        return FALSE if one.values == two.values and len(one.values) == 1 else TRUE
    return ~any_of(*(all_of(_brings(one, value), _brings(two, value)) for value in sorted(values)))


def _brought(look: Look, write: Write) -> tuple[str, ...]:
    return write.values if write.source is None else look.defs[write.source].states


def _brings(write: Write, value: str) -> Condition:
    if write.source is not None:
        return In(write.source, frozenset({value}))
    return TRUE if write.values == (value,) else FALSE


def _written(write: Write) -> str:
    return write.source if write.source is not None else " | ".join(write.values)


def _ready(look: Look, event: str) -> Condition:
    """What is known of the state in which the event happens: its guard, and of each actor some row that applies."""
    parts = [look.guard_of(event)]
    for (name, of_event), rows in look.rows.items():
        if of_event == event and event not in look.defs[name].ignores:
            parts.append(any_of(*(ruled.claim(name) for ruled in rows)))
    return all_of(*parts)


def moved_and_written(look: Look) -> Iterator[Finding]:
    """An event that writes an actor is none that the actor has rows for, or ignores: it would do one or the other."""
    for event, name in look.expansion.writes:
        if (name, event) in look.rows or event in look.defs[name].ignores:
            how = "has rows for it" if (name, event) in look.rows else "ignores it"
            what = f"an effect of the event writes it, and it {how}: either would happen"
            yield Finding("moved-and-written", f"{name}/{event}", what, "keep one of the two")


def gaps(look: Look) -> Iterator[Finding]:
    """Where an actor can only go on by itself it can go on, or is said to wait."""
    for of in look.model.actors:
        sent = [ruled for (name, _), rows in look.rows.items() if name == of.name for ruled in rows if ruled.row.sends]
        if not sent or ANY in of.waits:
            continue
        waits = _opened(of, of.waits)
        own = {ruled.row.event for ruled in sent}
        led_away = [t for t in look.network.actor[of.name].transitions if t.event not in own]
        for state in of.states:
            here = [ruled.when for ruled in sent if state in ruled.sources]
            away = any(state in t.sources and t.target(state) != state for t in led_away)
            if not here or state in waits or away:
                continue
            case = look.decider.satisfiable(all_of(In(of.name, frozenset({state})), ~any_of(*here)))
            if case is not None:
                what = f"no row applies{_where(case, of.name)}, and none receives"
                mend = "add a row with otherwise, or name the state in waits"
                yield Finding("gap", f"{of.name}/{state}", what, mend)


def no_environment(look: Look) -> Iterator[Finding]:
    """What is assumed of the initial states leaves one."""
    if look.network.assume:
        first = Decider({of.name: of.initial for of in look.network.actors})
        plain = all_of(*(look.decider.leaves_only(condition, True) for condition in look.network.assume))
        if first.satisfiable(_within(plain, first)) is None:
            what = "the assumptions exclude every combination of initial states"
            yield Finding("no-environment", look.model.name, what, "weaken an assumption, or open what is pinned")


def _within(condition: Condition, first: Decider) -> Condition:
    """The condition with each leaf cut down to the states that the decider knows."""

    def cut(leaf: In) -> Condition:
        left = leaf.names.intersection(first.domains[leaf.actor])
        return In(leaf.actor, left) if left else FALSE

    return rewrite(condition, cut)


def _opened(of: ActorDef, names: tuple[str, ...]) -> frozenset[str]:
    """States that are named one by one or by group."""
    return frozenset(state for name in names for state in of.groups.get(name, (name,)))


def _where(case: Mapping[str, str], but: str) -> str:
    """An example in words: `` when crl is stale``; at most four actors, without the one that the place names."""
    others = [f"{name} is {quoted(state)}" for name, state in case.items() if name != but]
    more = " …" if len(others) > 4 else ""
    return f" when {' and '.join(others[:4])}{more}" if others else ""
