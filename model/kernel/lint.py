"""Structural lints: what refuses a model before anything is explored, each finding with the place and the mend.

The page that says what a step is (:mod:`.product`) lets a missing row switch an event off for everybody, and two rows
that overlap decide by chance, without a word. These rules make both impossible to do unsaid. They judge the text and
single conditions, never reachability: an event that may happen by its rows but never does is found by exploring.

``RULES`` is the table of what is judged, in the order in which findings are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from . import lint_hosts, lint_names, lint_rows
from .decide import Decider
from .definition import Model
from .errors import Finding, LintError
from .expand import Expansion
from .lint_rows import Look
from .network import Network

NAME_RULES: Final[dict[str, Callable[[Model], Iterator[Finding]]]] = {
    "duplicate-name": lint_names.duplicates,
    "case-only": lint_names.case_only,
    "unsayable-name": lint_names.unsayable,
    "no-such-state": lint_names.missing_states,
    "no-such-event": lint_names.missing_events,
    "single-value": lint_names.single_values,
}
"""Rules about names: they read the text alone, so that they can be judged where it does not expand."""

RULES: Final[dict[str, Callable[[Look], Iterator[Finding]]]] = {
    "no-controller": lint_rows.no_controller,
    "two-controllers": lint_rows.two_controllers,
    "never-offered": lint_rows.never_offered,
    "blocking-receiver": lint_rows.blocking_receivers,
    "time-stops": lint_rows.time_stops,
    "frozen-clock": lint_rows.frozen_clocks,
    "overlap": lint_rows.overlaps,
    "conflicting-effects": lint_rows.conflicting_effects,
    "moved-and-written": lint_rows.moved_and_written,
    "gap": lint_rows.gaps,
    "foreign-guard": lint_hosts.foreign_guards,
    "foreign-effect": lint_hosts.foreign_effects,
    "foreign-event-guard": lint_hosts.foreign_event_guards,
    "no-environment": lint_rows.no_environment,
}
"""Rules about rows, effects and hosts: they read the model together with the network that it expands to."""


def lint(model: Model, network: Network) -> list[Finding]:
    """Everything that is structurally wrong with the model, rule by rule in the order of the tables.

    Args:
        network: what the model expands to.
    """
    look = Look(model, network)
    found = [finding for rule in NAME_RULES.values() for finding in rule(model)]
    return found + [finding for rule in RULES.values() for finding in rule(look)]


def refuse(model: Model, expansion: Expansion | None = None, decider: Decider | None = None) -> Network:
    """The network of a model with which nothing is structurally wrong.

    Args:
        expansion: of the model, where there is one already.
        decider: of another model with the same actors, states, groups and predicates: what it has been asked already
            it need not find out again.

    Raises:
        LintError: some rule has a finding; all findings are given. Where names are wrong only those are.
        ModelError: a condition does not parse, or names what is not there.
    """
    names = [finding for rule in NAME_RULES.values() for finding in rule(model)]
    if names:
        raise LintError(names)
    expansion = expansion or Expansion(model)
    flat = expansion.network()
    look = Look(model, flat, decider, expansion)
    found = [finding for rule in RULES.values() for finding in rule(look)]
    if found:
        raise LintError(found)
    return flat
