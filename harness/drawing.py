"""What is drawn, got together: the happy path of an actor, the rows that a change touches, a run with what breaks it.

:mod:`ccmproof.diagrams` draws what it is given and explores nothing; what it is given is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ccmproof.diagrams.actor import Move, actor_graph
from ccmproof.diagrams.causes import causes_graph
from ccmproof.diagrams.change import Altered, Elsewhere, Touched, change_graph
from ccmproof.diagrams.form import Graph, Role
from ccmproof.diagrams.form import Sequence as Lanes
from ccmproof.diagrams.network import network_graph
from ccmproof.diagrams.run import Broken, run_sequence
from ccmproof.diagrams.scxml import scxml
from ccmproof.diagrams.told import Carries
from ccmproof.diagrams.words import told, words
from ccmproof.diagrams.workflow import workflow_sequence
from ccmproof.model.kernel.actor import ActorDef, Row
from ccmproof.model.kernel.decision import Tree
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.run import Run
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property

from .catalogue import Catalogue
from .changes.change import Change
from .changes.design import pair
from .changes.difference import Difference, How, differences, row_text
from .checker import network_of
from .counterexample import usual
from .engines import Path, Progress, explore
from .explain import Explanation
from .expression import sayable
from .pictures import courses
from .render.words import number
from .system import System

ROLES: Mapping[How, Role] = {How.ADDED: Role.ADDED, How.REMOVED: Role.REMOVED, How.ALTERED: Role.ALTERED}
CARRIES = Carries(
    {"request.endpoint": "endpoint", "request.token_auth": "CcmTokenAuth"},
    "request.endpoint",
    brought=("content_token.life",),
)
"""What of the request under way is told in a sequence."""
LEGEND = (
    "not shaded: the usual way; alt: one of these; opt: perhaps; break: this instead, and drawn no further;"
    " dashed: an answer; in brackets: the statements behind a step"
)


def drawn_actor(of: System, scenario: Scenario, name: str, progress: Progress | None = None) -> Graph:
    """The state diagram of an actor, with the way that it takes where all is well.

    Raises:
        ModelError: there is no such actor; the nearest name is given.
    """
    catalogue = Catalogue(of, scenario)
    found = _actor(catalogue, name)
    moves = _happy(of, scenario, found, progress) if found.rows else set()
    goals = ", ".join(of.goals)
    return actor_graph(found, catalogue.network, moves, f"the shortest way to {goals} where all is as usual")


def actor_as_scxml(of: System, scenario: Scenario, name: str) -> bytes:
    """An actor as an SCXML document.

    Raises:
        ModelError: as :func:`drawn_actor`.
    """
    catalogue = Catalogue(of, scenario)
    return scxml(_actor(catalogue, name), catalogue.network)


def _actor(catalogue: Catalogue, name: str) -> ActorDef:
    there = {each.name.casefold(): each for each in catalogue.model.actors}
    found = there.get(name.casefold())
    if found is None:
        known = [each.name for each in catalogue.model.actors]
        raise ModelError(f"there is no actor {name!r}{nearest(name, known)}; `ccmproof list actors` names them")
    return found


def asked_about(of: System, text: str) -> Property | str:
    """What a question is about: a property by its ID, a goal by its name, or a condition, as it stands.

    Raises:
        ModelError: it looks like the ID of a property, and there is none.
    """
    goal = of.goals.get(text)
    if goal is not None:
        return goal
    return of.property(text) if re.fullmatch(r"[A-Za-z]+-\w+", text) else text


def _happy(of: System, scenario: Scenario, actor: ActorDef, progress: Progress | None) -> set[Move]:
    """The moves of an actor in the shortest runs to the goals, in the environment in which all is as usual."""
    if actor.observer:
        return set()
    network, paths = shortest_to_goals(of, scenario, {}, progress)
    place, alphabet = network.position[actor.name], network.actor[actor.name].alphabet
    found: set[Move] = set()
    for path in paths:
        pairs = zip(path.events, path.states, path.states[1:], strict=False)
        found |= {(event, one[place], other[place]) for event, one, other in pairs if event in alphabet}
    return found


def shortest_to_goals(
    of: System, scenario: Scenario, settings: Mapping[str, str], progress: Progress | None = None
) -> tuple[Network, list[Path]]:
    """The shortest runs to the goals in the environment in which all is as usual, and the network that they are of."""
    as_usual = usual(network_of(scenario, (), settings, of.build))
    still = {each.name for each in of.build(scenario).actors if not each.rows}
    pinned = {**settings, **{name: value for name, value in as_usual.items() if name in still}}
    network = network_of(scenario, (), pinned, of.build)
    explored = explore(network, order=of.order_of(scenario), progress=progress)
    goals = [explored.where(each) for each in sayable(of.goals, network).values()]
    return network, [path for path in explored.shortest(goals) if path is not None]


def drawn_network(of: System, scenario: Scenario, progress: Progress | None = None) -> Graph:
    """The actors of a scenario by host, and the events that they share: those that happen there at all."""
    network = network_of(scenario, (), {}, of.build)
    fired = explore(network, order=of.order_of(scenario), progress=progress).fired
    return network_graph(network, f"{scenario.name}: who decides, and whom it moves", fired)


def drawn_run(
    of: System, run: Run, network: Network, title: str, unusual: Mapping[str, str], broken: Broken | None = None
) -> Lanes:
    """The sequence of a run, with what is unusual in its environment."""
    said = ", ".join(words(f"{name} {value}") for name, value in unusual.items())
    where = f"{said}; all else as usual" if said else "all is as usual"
    return run_sequence(run, network, title, replace(CARRIES, to=of.alphabet.hosts), broken, [where])


def drawn_workflow(of: System, name: str, progress: Progress | None = None) -> Lanes:
    """One of the pictures of the workflow: its runs, found in the model and put together.

    Raises:
        ModelError: there is no such picture; the nearest is given.
    """
    picture = of.pictures.get(name)
    if picture is None:
        known = ", ".join(of.pictures) or "none"
        raise ModelError(f"there is no workflow {name!r}{nearest(name, of.pictures)}; there are {known}")
    carries = replace(CARRIES, to=of.alphabet.hosts)
    found = courses(of, picture, progress)
    return workflow_sequence(
        picture.title, found, carries, part=picture.part, lanes=picture.lanes, phase=picture.phase, notes=[LEGEND]
    )


def drawn_causes(found: Explanation, tree: Tree, about: str) -> Graph:
    """The decision tree of an explanation; ``about`` is how it was asked for."""
    bad, good = ("fails", "holds") if found.is_claim else ("cannot be reached", "can be reached")
    said = found.goal if found.prop is None else f"{found.prop.id}: {found.prop.claim}"
    title = said if about in (said, found.prop and found.prop.id) else f"{about}: {said}"
    note = f"which question to ask first about a site, in {found.scenario}; numbers of environments"
    undecided = any(each.is_mixed for each in tree.leaves)
    notes = (note, *(["dotted: at this depth not decided yet"] if undecided else []))
    return causes_graph(title, tree, bad, good, notes, number)


def drawn_change(of: System, change: Change, scenario: Scenario) -> Graph:
    """The actors that a change touches in a scenario.

    Raises:
        ModelError: the change cannot be applied to it; it says where.
    """
    before, after = pair(of.build, [change])
    one = before.model(scenario, before.settings)
    other = after.model(scenario, after.settings)
    found = differences(one, other)
    elsewhere = [_elsewhere(each) for each in found if each.what in ("predicate", "event", "assumption")]
    elsewhere += [
        Elsewhere(Role.ALTERED, each.name, (f"{each.before or 'as it was'} → {each.after or 'as it was'}",))
        for each in change.settings
        if each.moves
    ]
    elsewhere += [
        Elsewhere(Role.ALTERED, f"duration {name}", (f"now {a} min" if a == b else f"now {a} to {b} min",))
        for name, (a, b) in change.durations.items()
    ]
    meant = {each.name for each in found if each.what == "predicate"}
    meant |= set(change.moved)
    return change_graph(f"{change.name}: {change.title}", _touched(one, other, found, meant), elsewhere)


def _elsewhere(of: Difference) -> Elsewhere:
    after, before = told(of.after), told(of.before)
    sides = {How.ADDED: (after,), How.REMOVED: (before,), How.ALTERED: (f"now: {after}", f"was: {before}")}
    name = "" if of.what == "assumption" else f" {of.name}"
    return Elsewhere(ROLES[of.how], f"{of.what}{name}", sides[of.how])


def _touched(before: Model, after: Model, found: Sequence[Difference], meant: set[str]) -> list[Touched]:
    """The actors that differ in themselves, and those that read a predicate or a setting which does."""
    old, new = ({each.name: each for each in model.actors} for model in (before, after))
    meaning = _depending(after, meant)
    touched = []
    for name in dict.fromkeys((*old, *new)):
        own = [each for each in found if each.name == name and each.what not in ("predicate", "event", "assumption")]
        rests = _reading(new[name], meaning) if name in new and name in old else {}
        if (own or rests) and (name not in old or name not in new or old[name].rows or new[name].rows):
            touched.append(_one(old.get(name), new.get(name), own, rests))
    return _once(touched)


def _once(touched: Iterable[Touched]) -> list[Touched]:
    """Those to which the same happens as one: the fields of one type, in several records."""
    found: dict[object, Touched] = {}
    for each in touched:
        sides = tuple(of and (of.states, of.initial, of.rows) for of in (each.before, each.after))
        key = (sides, each.added, each.removed, each.altered, each.traits)
        there, one = found.get(key), each.after or each.before
        assert one is not None
        found[key] = each if there is None else replace(there, like=(*there.like, one.name))
    return list(found.values())


def _one(old: ActorDef | None, new: ActorDef | None, own: Iterable[Difference], rests: Mapping[Row, str]) -> Touched:
    before = {row_text(row): row for row in old.rows} if old else {}
    after = {row_text(row): row for row in new.rows} if new else {}
    rows = [each for each in own if each.what == "transition"]
    altered = [Altered(before[each.before], after[each.after]) for each in rows if each.how is How.ALTERED]
    written = {each.after for each in altered}
    altered += [Altered(row, row, why) for row, why in rests.items() if row not in written]
    traits = tuple(f"{each.what}: {each.after}; was {each.before}" for each in own if each.how is How.ALTERED
                   and each.what != "transition")  # fmt: skip
    added = tuple(after[each.after] for each in rows if each.how is How.ADDED)
    removed = tuple(before[each.before] for each in rows if each.how is How.REMOVED)
    return Touched(old, new, added, removed, tuple(altered), traits)


def _depending(model: Model, meant: set[str]) -> set[str]:
    """What is altered, and the predicates that read it."""
    found = set(meant)
    while True:
        more = {each.name for each in model.predicates if _named(str(each.text)) & found} - found
        if not more:
            return found
        found |= more


def _reading(of: ActorDef, meant: set[str]) -> dict[Row, str]:
    """The rows that read any of that, each with what it reads."""
    found = {}
    for row in of.rows:
        text = " ".join([str(row.when), *(str(effect.when) for effect in row.effect)])
        read = sorted(_named(text) & meant)
        if read:
            found[row] = f"written as before, but it reads {words(', '.join(read))}"
    return found


def _named(text: str) -> set[str]:
    return set(re.findall(r"[\w.]+", text))
