"""The page's own scripts without the page: what tests ask of its semantics, and what they walk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from random import Random
from typing import TYPE_CHECKING, Any

from ccmproof.diagrams.explorer.data import Claim, Subject, data_of
from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import FALSE, TRUE, Condition
from ccmproof.model.kernel.network import Network, State

if TYPE_CHECKING:
    from playwright.sync_api import Page

PURE = ("semantics.js", "words.js", "history.js", "standing.js", "parse.js", "search.js")
"""The scripts that know no page."""
HELPERS = """
  // A walk from a state: at each one what may happen there and where it leads; `choices` say which step is taken.
  const walked = (semantics, state, choices) => {
    const seen = [];
    for (const choice of choices) {
      const truth = semantics.truthsIn(state), found = [];
      semantics.events.forEach((event, e) => {
        if (semantics.may(event, state, truth) === YES) {
          for (const after of semantics.outcomes(event, state, truth)) found.push([e, after]);
        }
      });
      seen.push(found.map(([e, after]) => [e, [...after.at]]));
      if (!found.length) break;
      state = found[choice % found.length][1];
    }
    return seen;
  };
  const at = (semantics, state) => ({ at: Int16Array.from(state), may: {}, begin: Int16Array.from(state) });
  return { semanticsOf, wordsOf, historyOf, follow, parserOf, searchFor, searchInTwo, fragmentOf, readFragment,
    standingsOf, readToken, closings, loosened, askedOf, runOf, Unreadable, walked, at, NO, OPEN, YES };
"""


def loaded(page: Page) -> None:
    """Put the scripts into an empty page, as ``twin``."""
    scripts = "\n".join(files("ccmproof.diagrams.explorer").joinpath(name).read_text("utf-8") for name in PURE)
    page.goto("about:blank")
    page.evaluate(f'() => {{ window.twin = (() => {{ "use strict";\n{scripts}\n{HELPERS}\n}})(); }}')


def load_network(page: Page, network: Network, *, claims: Mapping[str, Condition] | None = None) -> dict[str, Any]:
    """Let the twin read a network; the conditions are claims that they never hold."""
    named = claims or {}
    said = tuple(Claim(name, name, "claim", each, TRUE, FALSE) for name, each in named.items())
    data = data_of(Subject("t", "a", network, said))
    page.evaluate(
        "(data) => { window.data = data; window.semantics = twin.semanticsOf(data);"
        " window.say = twin.wordsOf(semantics); window.parse = twin.parserOf(data, semantics); }",
        data,
    )
    return data


def numbered(network: Network, state: State) -> list[int]:
    """The numbers of the states that a state of the product is made of."""
    return [of.states.index(own) for of, own in zip(network.actors, state, strict=True)]


def successors(network: Network, state: State) -> list[tuple[int, State]]:
    """Each step by the number of its event, as product.py has them."""
    place = {event.name: number for number, event in enumerate(network.events)}
    return [(place[event.name], after) for event, after in product.successors(network, state)]


def walked(network: Network, state: State, choices: Sequence[int]) -> list[list[list[Any]]]:
    """What ``twin.walked`` gives, by the reference semantics."""
    seen = []
    for choice in choices:
        found = successors(network, state)
        seen.append([[event, numbered(network, after)] for event, after in found])
        if not found:
            break
        state = found[choice % len(found)][1]
    return seen


def choices(chance: Random, length: int) -> list[int]:
    return [chance.randrange(1 << 20) for _ in range(length)]
