"""Random networks for hypothesis: small enough for the judge, odd enough to find what an engine gets wrong.

:func:`networks` draws flat ones (random alphabets, guards of rows and of events, several initial states, unknowns,
assumptions, rows that overlap). :func:`models` draws written ones, with records whose fields are copied, set, cleared.
:func:`fairness` draws what is fair in one of them.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import ActorDef, actor, clear, put, record, recv, send, take, unknown
from ccmproof.model.kernel.condition import FALSE, TRUE, Condition, In, Named, all_of, any_of
from ccmproof.model.kernel.definition import Assumption, Model
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Actor, Event, Network, Transition
from hypothesis import strategies as st

Alphabet = dict[str, tuple[str, ...]]
"""Actors and their states."""


@st.composite
def conditions(draw: st.DrawFn, states: Alphabet, depth: int = 2) -> Condition:
    """A condition over the actors: leaves, negations, conjunctions, disjunctions, named predicates, constants."""
    kind = draw(st.sampled_from(["leaf", "leaf", "leaf", "not", "and", "or", "named", "constant"]))
    if depth == 0 or kind == "leaf":
        name = draw(st.sampled_from(sorted(states)))
        return In(name, draw(st.frozensets(st.sampled_from(states[name]), min_size=1)))
    if kind == "constant":
        return draw(st.sampled_from([TRUE, FALSE]))
    if kind == "not":
        return ~draw(conditions(states, depth - 1))
    if kind == "named":
        body = draw(conditions(states, depth - 1))
        return Named(f"({body})", body)
    parts = draw(st.lists(conditions(states, depth - 1), min_size=1, max_size=3))
    return all_of(*parts) if kind == "and" else any_of(*parts)


@st.composite
def _alphabets(draw: st.DrawFn, prefix: str, least: int, most: int) -> Alphabet:
    count = draw(st.integers(least, most))
    return {f"{prefix}{i}": tuple(f"s{k}" for k in range(draw(st.integers(1, 4)))) for i in range(count)}


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A flat network of up to four moving actors, three unknowns and five events."""
    unknowns = draw(_alphabets("u", 0, 3))
    movers = draw(_alphabets("m", 1, 4))
    states = {**unknowns, **movers}
    names = [f"e{i}" for i in range(draw(st.integers(1, 5)))]
    guards = st.just(TRUE) | conditions(states)
    rows: dict[str, list[Transition]] = {name: [] for name in movers}
    for name, own in movers.items():
        alphabet = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        for event in alphabet:
            for _ in range(draw(st.integers(1, 3))):
                sources = draw(st.frozensets(st.sampled_from(own), min_size=1))
                dest = draw(st.none() | st.sampled_from(own))
                rows[name].append(Transition(event, sources, dest, draw(guards)))
    initial = {name: draw(st.lists(st.sampled_from(own), min_size=1, unique=True)) for name, own in states.items()}
    actors = [Actor(name, own, tuple(initial[name]), tuple(rows.get(name, ()))) for name, own in states.items()]
    actors = draw(st.permutations(actors))
    events = []
    for event in names:
        members = tuple(a.name for a in actors if event in a.alphabet)
        if members:
            events.append(Event(event, members[0], members, draw(guards)))
    assume = draw(st.lists(conditions(states), max_size=1))
    return Network("random", tuple(actors), tuple(events), tuple(assume))


@st.composite
def models(draw: st.DrawFn) -> Network:
    """A written model: two or three records with the same fields, actors that copy, set and clear them; expanded."""
    values = {key: " ".join(f"v{i}" for i in range(draw(st.integers(2, 3)))) for key in ("kind", "owner")}
    records = [f"r{i}" for i in range(draw(st.integers(2, 3)))]
    fields = {f"{of}.{key}": tuple(own.split()) for of in records for key, own in values.items()}
    unknowns: Alphabet = {"u0": ("yes", "no"), "u1": ("a", "b", "c")}
    states = {**fields, **unknowns}
    parts: list[ActorDef] = [unknown(name, own, host="h") for name, own in unknowns.items()]
    for of in records:
        parts += record(of, values, host="h")
    for i in range(draw(st.integers(1, 2))):
        own = ("a", "b", "c")
        rows = []
        for k in range(draw(st.integers(2, 4))):
            effect = draw(_effects(records, fields))
            when = draw(st.just(TRUE) | conditions(states, 1))
            source, dest = draw(st.sampled_from(own)), draw(st.sampled_from(own))
            rows.append(send(f"e{i}{k}", source, dest, when, effect))
        parts.append(actor(f"a{i}", host="h", states=own, rows=rows))
        heard = draw(st.sampled_from(rows)).event
        parts.append(actor(f"b{i}", host="h", states="x y", rows=[recv(heard, "x", "y"), recv(heard, "y", "x")]))
    assumption = Assumption(draw(conditions(unknowns, 1)), "drawn")
    return expand(Model.of("random records", parts, [assumption]))


@st.composite
def wanderers(draw: st.DrawFn) -> tuple[Network, list[Fairness], Condition]:
    """A network, its fairness and a condition to stay in, such that the answer is seldom everything or nothing.

    A wanderer on a sparse graph of places; some ways are open in one environment only, or while a gate is up that
    moves by itself or with the wanderer. There are cycles within cycles, and few deadlocks. All of it is drawn evenly,
    from one seed: what hypothesis draws by itself is small and regular, and wrong fixpoints then went unnoticed.
    """
    chance = draw(st.randoms(use_true_random=True))
    places = tuple(f"at{i}" for i in range(chance.randint(4, 7)))
    whens = (TRUE, TRUE, TRUE, In("gate", frozenset({"up"})), In("way", frozenset({"dry"})))
    walks = tuple(
        Transition(chance.choice("abcd"), frozenset({place}), chance.choice(places), chance.choice(whens))
        for place in places
        for _ in range(chance.randint(1, 3))
    )
    there = sorted({walk.event for walk in walks})
    shut = chance.choice([None, "move", there[0]])
    gate = [Transition(event, frozenset({"up"}), "down") for event in [shut] if event]
    actors = (
        Actor("wanderer", places, places[:1], walks),
        Actor("gate", ("up", "down"), ("up",), (*gate, Transition("move", frozenset({"down"}), "up"))),
        Actor("way", ("dry", "wet"), ("dry", "wet")),
    )
    events = [Event(name, "wanderer", ("wanderer", "gate") if name == shut else ("wanderer",)) for name in there]
    network = Network("wanderer", actors, (*events, Event("move", "gate", ("gate",))))
    names = [event.name for event in network.events]
    groups = [
        Fairness(f"group {i}", tuple(chance.sample(names, chance.randint(1, 2))), chance.random() < 0.6, when)
        for i in range(chance.randint(1, 3))
        for when in [chance.choice([TRUE, whens[-2], In("wanderer", frozenset(chance.sample(places, 3)))])]
    ]
    if chance.random() < 0.7:
        groups.append(Fairness("something", tuple(names), strong=False))
    without = frozenset(chance.sample(places[1:], chance.randint(0, 2)))
    return network, groups, ~In("wanderer", without) if without else TRUE


@st.composite
def fairness(draw: st.DrawFn, network: Network) -> list[Fairness]:
    """Up to three groups of the network's events, and often one that lets no run rest where anything may happen."""
    names = [event.name for event in network.events]
    events = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)
    when = st.just(TRUE) | conditions({a.name: a.states for a in network.actors}, 1)
    groups = draw(st.lists(st.builds(Fairness, st.just("drawn"), events, st.booleans(), when), max_size=3))
    return [*groups, *draw(st.sampled_from([[], [Fairness("something", tuple(names), strong=False)]]))]


def _effects(records: list[str], fields: Alphabet) -> st.SearchStrategy[tuple]:  # type: ignore[type-arg]
    copies = st.permutations(records).map(lambda pair: take(pair[0], pair[1]))
    partial = st.permutations(records).map(lambda pair: take(pair[0], pair[1], "kind"))
    clears = st.sampled_from(records).map(clear)
    sets = st.sampled_from(sorted(fields)).flatmap(lambda f: st.sampled_from(fields[f]).map(lambda v: put(f, v)))
    swaps = st.permutations(records).map(lambda two: take(two[0], two[1]) + take(two[1], two[0]))
    return copies | partial | clears | sets | swaps
