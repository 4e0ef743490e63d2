"""What a page of the explorer is about, got together: a model or a changed one, its claims, and runs to walk along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ccmproof.diagrams.explorer.data import Claim, Subject, Walk
from ccmproof.model.kernel import product
from ccmproof.model.kernel.barred import barred
from ccmproof.model.kernel.condition import FALSE, opened
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.expand import Expansion
from ccmproof.model.kernel.network import Event, Network
from ccmproof.model.kernel.run import Run, replayed
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Promise, Property, Verdict, attempted, broken, kept, premise

from .catalogue import one_line
from .changes.change import Change
from .changes.design import pair
from .changes.fit import fitted
from .checker import check, network_of
from .counterexample import should
from .drawing import CARRIES
from .engines import CutShort, Limit, Progress
from .expression import sayable
from .render.story import reasons
from .runfile import ReadRun, read_run
from .system import System, observers_of


class Explored:
    """A page in the making: the design in its scenario, all claims that can be said of it, and its runs.

    Raises:
        ModelError: the changes cannot be applied; it says where.
    """

    def __init__(
        self, of: System, scenario: Scenario, settings: dict[str, str] | None = None, changes: Sequence[Change] = ()
    ) -> None:
        self.of, self.changes = of, tuple(changes)
        self.before, self.design = pair(of.build, self.changes, settings)
        self.scenario = self.design.scenario(scenario)
        said = [prop.at(self.scenario) for prop in (*of.sayable_in(scenario), *self._brought(scenario))]
        self.asked = self._fitting([prop for prop in said if not prop.untold])
        self.network = network_of(self.scenario, self.asked, self.design.settings, self.design.model)

    def _brought(self, scenario: Scenario) -> list[Property]:
        return [
            prop
            for change in self.changes
            for prop in change.properties
            if not prop.asked_in or scenario.name in prop.asked_in
        ]

    def _fitting(self, said: Sequence[Property]) -> list[Property]:
        """The claims whose words the changed design still has."""
        if not self.changes:
            return list(said)
        return [fit.prop for fit in fitted(said, self.design.model(self.scenario)) if fit.prop is not None]

    def subject(self, walks: Sequence[Walk] = ()) -> Subject:
        """All that the page is about."""
        model = self.design.model(self.scenario)
        title = " + ".join(change.title for change in self.changes) or f"ccmproof: {self.scenario.name}"
        said = [one_line(self.scenario.doc), *(f"{name} = {value}" for name, value in self.design.settings.items())]
        about = "; ".join(said if not self.changes else [f"changed design in {self.scenario.name}", *said])
        return Subject(
            title,
            about,
            self.network,
            tuple(claim(prop, self.network, self.scenario) for prop in self.asked),
            sayable(self.of.goals, self.network),
            tuple(walks),
            frozenset(each.name for each in observers_of(self.asked)),
            {each.name: each.record for each in model.actors if each.record},
            replace(CARRIES, to=self.of.alphabet.hosts),
            self._altered(),
        )

    def _altered(self) -> frozenset[str]:
        """The events that say something else than in the original, or are new; whoever only watches is left out."""
        if not self.changes:
            return frozenset()
        one, other = (
            network_of(design.scenario(self.scenario), (), design.settings, design.model)
            for design in (self.before, self.design)
        )
        old = {event.name: _said(event, one) for event in one.events}
        return frozenset(event.name for event in other.events if old.get(event.name) != _said(event, other))

    def counterexample(self, prop: Property, limit: Limit | None = None, progress: Progress | None = None) -> Walk:
        """The run that speaks against a property, in the page's network.

        Raises:
            ModelError: nothing speaks against it here.
            CutShort: that could not be found out.
        """
        asked = next((each for each in self.asked if each.id == prop.id), None)
        if asked is None:
            raise ModelError(f"{prop.id} cannot be said of {self.scenario.name}")
        order = self.of.order_of(self.scenario)
        report = check(
            self.scenario, [asked], self.design.settings, build=self.design.model, order=order, reach=False,
            limit=limit, progress=progress,
        )  # fmt: skip
        judgement = report.judgement(prop.id)
        shown = judgement.counterexample
        if shown is None and report.stopped:
            raise CutShort(report.stopped)
        if shown is None:
            raise ModelError(f"{prop.id} {judgement.verdict.value} in {self.scenario.name}: there is no run against it")
        return Walk(prop.id, prop.claim, self.followed(shown.run), shown.judged, _because(shown.run))

    def kept_run(self, path: Path) -> Walk:
        """A run that was kept as a file.

        Raises:
            ModelError: it cannot be read, or is no run of the page's network.
        """
        run = read_run(path, replace(self.of, build=self.design.model), self.scenario).run
        name = path.name.removesuffix(".json").removesuffix(".run")
        judged = len(run) if run.because else None
        return Walk(name, f"the run of {path.name}", self.followed(run), judged, _because(run))

    def followed(self, run: Run) -> Run:
        """A run of a network that may have fewer machines that watch, as one of the page's network.

        Raises:
            ModelError: it cannot be gone through here; it says which step, or what of its beginning cannot be.
        """
        network = self.network
        state = network.as_state({**_begins(network), **_known(run.states[0], network)})
        for of, here in zip(network.actors, state, strict=True):
            if here not in of.initial:
                raise ModelError(f"{of.name} is {here} in the run, and cannot begin so in {self.scenario.name}")
        path = [state]
        for number, (step, wanted) in enumerate(zip(run.steps, run.states[1:], strict=True), start=1):
            if step.event not in network.event:
                raise ModelError(f"step {number}: there is no event {step.event!r}{nearest(step.event, network.event)}")
            ends = list(product.outcomes(network, network.event[step.event], path[-1]))
            own = [end for end in ends if _known(wanted, network).items() <= network.as_dict(end).items()]
            if not own:
                missing = "; ".join(barred(network, network.event[step.event], path[-1]))
                why = f"not so that {missing}" if missing else "it leads elsewhere"
                raise ModelError(f"step {number}, {step.event}, is not possible in {self.scenario.name}: {why}")
            path.append(own[0])
        steps = [step.event for step in run.steps]
        loop = run.loop if run.loop is not None and path[run.loop] == path[-1] else None
        return replace(replayed(network, path, steps, loop=loop), because=run.because)


def _because(run: Run) -> tuple[str, ...]:
    return tuple(text.removeprefix("not so that ") for text in reasons(run.because, run.states[-1]))


def scenario_of(of: System, runs: Sequence[Path]) -> Scenario:
    """The default scenario if all of the runs can be of it; else the first of which they can, those asked on demand
    last.

    Raises:
        ModelError: a run cannot be read; or there is no such scenario, and what speaks against the default one.
    """
    why: ModelError | None = None
    for scenario in sorted(of.scenarios.values(), key=lambda each: each.on_demand):
        try:
            for path in runs:
                _refuse_beginning(read_run(path, of, scenario), of)
        except ModelError as error:
            why = why or error
        else:
            return scenario
    assert why is not None
    raise why


def _refuse_beginning(read: ReadRun, of: System) -> None:
    """Refuse a run that begins as no run of its scenario does: its file sets unknowns and switches as it needs them."""
    begins = {each.name: each.initial for each in Expansion(of.build(read.scenario)).network().actors}
    for name, state in read.run.states[0].items():
        if state not in begins.get(name, (state,)):
            raise ModelError(f"{name} is {state} in the run, and cannot begin so in {read.scenario.name}")


def _begins(network: Network) -> dict[str, str]:
    return {of.name: of.initial[0] for of in network.actors}


def _known(states: Mapping[str, str], network: Network) -> dict[str, str]:
    return {name: state for name, state in states.items() if name in network.actor}


def _said(event: Event, network: Network) -> object:
    """All that an event says, in which predicates are opened."""
    rows = [
        (name, sorted(row.sources), row.dest, str(opened(row.when)))
        for name in event.participants
        for row in network.actor[name].by_event[event.name]
    ]
    return event.controller, str(opened(event.guard)), event.urgent, event.status, rows


def claim(prop: Property, network: Network, scenario: Scenario) -> Claim:
    """A property as the page judges it: by what can be told of one state, or of one run."""
    promised = prop.promise is Promise.EVENTUALLY
    kind = "promise" if promised else "beyond" if prop.promise is not None else "possible" if prop.possible else "claim"
    return Claim(
        prop.id,
        prop.claim,
        kind,
        FALSE if prop.promise is not None else broken(prop, network),
        premise(prop, network) if promised else attempted(prop, network),
        should(prop, network),
        kept(prop, network) if promised else None,
        prop.on,
        _remark(prop, scenario),
    )


def _remark(prop: Property, scenario: Scenario) -> str:
    """What the suite expects of it here, where that is not that it holds everywhere."""
    if prop.expected_in(scenario.name) is Verdict.FAILS:
        return f"expected to fail: {prop.reason}" if prop.reason else "expected to fail"
    if prop.exactly:
        return f"possible only where {prop.exactly}"
    return f"promised only where {prop.decided_by}" if prop.decided_by else ""
