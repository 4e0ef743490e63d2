"""A network as a hypothesis state machine: random walks on real ``transitions`` machines, compared at every step.

It is one more engine, and an honest one: what happens is what the machines do. Each walk draws an environment and an
initial state, then enabled events and their outcomes; where something is wrong hypothesis shows the shortest walk that
it finds. Use it as any stateful test::

    TestWorkflow = stateful_machine(network, {"one-session": "not (a is busy and b is busy)"}).TestCase
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import Condition, In, all_of, false_leaves, leaves
from ccmproof.model.kernel.decide import Decider
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.graph import locally_possible
from ccmproof.model.kernel.machine import Driver
from ccmproof.model.kernel.network import Network, State
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule


def stateful_machine(
    network: Network,
    invariants: Mapping[str, Condition | str],
    reachable: Callable[[State], bool] | None = None,
    initial: Mapping[str, str] | None = None,
) -> type[RuleBasedStateMachine]:
    """A state machine class for hypothesis, whose one rule draws an event that may happen, and how it ends.

    After each step it is checked that

    - the machines moved to the state that was drawn, among exactly the outcomes that :mod:`.product` gives, and before
      it that machines and product agree on every event that no participant's own state excludes;
    - every invariant holds, and ``reachable`` knows the state.

    Args:
        network: whose events are fired. The machines are made once for the class, which is not to be run in threads.
        invariants: what holds in every state, by name; a text is parsed with the network's predicates.
        reachable: an engine's verdict on a state, for instance ``states.__contains__``.
        initial: the initial state of some actors; the others are drawn, within what ``assume`` allows.

    Raises:
        ModelError: an invariant or ``initial`` names what is not there, or no initial state is left.
    """
    kept = {name: network.condition(c) if isinstance(c, str) else network.check(c) for name, c in invariants.items()}
    beginnings = _initial_states(network, dict(initial or {}))
    possible = locally_possible(network)
    driver = Driver(network, tuple(actor.initial[0] for actor in network.actors))

    class Walk(RuleBasedStateMachine):
        """One walk. ``state`` is where the product is, which the machines must agree with."""

        state: State

        @initialize(start=beginnings)
        def begin(self, start: State) -> None:
            driver.start(start)
            self.state = start
            self.look()

        @rule(data=st.data())
        def step(self, data: st.DataObject) -> None:
            steps = self.compared()
            if not steps:
                return
            event = data.draw(st.sampled_from(list(steps)), label="event")
            ends = steps[event]
            after = data.draw(st.sampled_from(ends), label="outcome") if len(ends) > 1 else ends[0]
            before, self.state = self.state, after
            moved = driver.fire(event, after)
            assert moved == after, f"{event}: the machines went to {network.as_dict(moved)}"
            note(f"{event}: {_changes(network, before, after)}")
            self.look()

        def compared(self) -> dict[str, list[State]]:
            """The outcomes of each event that may happen, once the machines and the product agree on them."""
            steps: dict[str, list[State]] = {}
            for event in possible(self.state):
                outcomes = list(product.outcomes(network, event, self.state))
                offered = {driver.after(rows) for rows in driver.choices(event.name)}
                assert offered == set(outcomes), f"{event.name}: machines and product differ on what may happen"
                if outcomes:
                    steps[event.name] = outcomes
            return steps

        def true(self, leaf: In) -> bool:
            return self.state[network.position[leaf.actor]] in network.resolve(leaf)

        def look(self) -> None:
            """The state is one that the engine knows, and no invariant is broken in it."""
            assert driver.state == self.state
            if reachable is not None:
                assert reachable(self.state), f"the engine does not reach {network.as_dict(self.state)}"
            for name, condition in kept.items():
                why = false_leaves(condition, self.true)
                assert product.holds(network, condition, self.state), f"{name} is broken: {'; '.join(why)}"

    return Walk


def _changes(network: Network, before: State, after: State) -> str:
    changed = (f"{a.name} {x} → {y}" for a, x, y in zip(network.actors, before, after, strict=True) if x != y)
    return ", ".join(changed) or "nothing changes"


def _initial_states(network: Network, pins: dict[str, str]) -> st.SearchStrategy[State]:
    """The initial states that ``assume`` allows: drawn actor by actor, never into a corner."""
    for name, state in pins.items():
        if name not in network.actor:
            raise ModelError(f"there is no actor {name!r}{nearest(name, network.actor)}")
        if state not in network.actor[name].initial:
            raise ModelError(f"{name} does not begin in {state!r}{nearest(state, network.actor[name].initial)}")
    assumed = all_of(*network.assume)
    bound = {leaf.actor for leaf in leaves(assumed)}
    decider = Decider(network)
    within = [In(a.name, frozenset(a.initial)) for a in network.actors if a.name in bound]
    within += [In(name, frozenset({state})) for name, state in sorted(pins.items()) if name in bound]
    if decider.satisfiable(all_of(assumed, *within)) is None:
        raise ModelError(f"{network.name}: no initial state satisfies what is assumed")

    @st.composite
    def states(draw: st.DrawFn) -> State:
        chosen: dict[str, str] = {}
        settled = list(within)
        for actor in network.actors:
            values = [pins[actor.name]] if actor.name in pins else list(actor.initial)
            if actor.name in bound:
                values = [v for v in values if decider.satisfiable(all_of(assumed, *settled, _is(actor.name, v)))]
            chosen[actor.name] = draw(st.sampled_from(values)) if len(values) > 1 else values[0]
            if actor.name in bound:
                settled.append(_is(actor.name, chosen[actor.name]))
        return network.as_state(chosen)

    return states()


def _is(actor: str, state: str) -> In:
    return In(actor, frozenset({state}))
