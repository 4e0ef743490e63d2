"""Another workflow than this: which one it is, and what fails in it, as far as that may be said.

A certificate or a bulk token takes a client through the same CMG, so that what is wrong with the CMG, its certificate
or what stands behind it is a cause there too (:attr:`~..pattern.Cause.also_in`). Of a management point in the intranet
or a task sequence nothing is said but what is its own. No cause of Entra's is named for any of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..components import component
from ..pattern import Cause, Pattern, Seen
from .answer import Diagnosis, Verdict
from .equipment import Equipment
from .hosts import of_client
from .how import How
from .place import place
from .ranking import Named, Trouble, ranked, troubles
from .sentences import one_of
from .stages import ACHIEVING

SPEAKING = ("entra", "sts", "ccm_token", "new_token", "device_token", "user_token", "asks_the_cmg", "token_ending",
            "old_token", "aad")  # fmt: skip
"""Parts of the names of events and states that no other workflow has."""
INTERNAL = "on-premises"
BULK = "bulk token"
"""A workflow that asks CCM_STS for a token too."""
ASKING = frozenset({"ask_for_device_token", "ask_for_user_token"})
"""The events by which a token is asked for that no other workflow wants."""
CONFIRMED = "registration_processes_confirmation"
PATH = "PKI path"
CHOICES = frozenset({PATH, "bulk token and /mp"})
"""Causes that a line says of what is chosen, whether or not it fails."""
_INSIDE = re.compile(
    r"(?:URL=|['\s])https?://[\w.-]+(?::\d+)?/(?:CCM_Client|SMS_MP|ccm_system\w*|SMS_DP_SMSPKG\$|SMS_DP_SMSSIG\$)(?=[/'\s,?]|\Z)"
    r"|/mp:(?!\S*cmg|x+\b)[\w-]+(?:\.[\w-]+)*(?=[\s\"';]|\Z)|\bMP '(?!\S*cmg|x+')[\w-]+(?:\.[\w-]+)*'",
    re.IGNORECASE,
)
"""A site system's own path; or a management point by its bare name, where a CMG is named by an address with a path."""
_GATEWAY = re.compile(
    r"CCM_?Proxy|AADAuthInfo|CCM_STS|downloadrestservice|CMG(?:Service|Connector)_|CCMHOSTNAME|cloudapp", re.IGNORECASE
)
OF_ENTRA = "in these lines speaks of Entra authentication."
NOT_LOOKED_FOR = (
    "No cause is looked for here. Where Entra was meant, look at ccmsetup's command line (/mp, CCMHOSTNAME)."
)


def of_its_workflow(seen: Seen) -> Seen:
    """A line of a component that has part in another workflow only is of that one, whatever it says."""
    known = component(seen.line.log)
    if known is None or not known.workflow or seen.pattern.workflow == known.workflow:
        return seen
    return replace(seen, pattern=replace(seen.pattern, workflow=known.workflow, events=(), echoes=(), holds=""))


def speaks_of_entra(pattern: Pattern) -> bool:
    """Whether a line of it is of this workflow and no other: approval 3 is Entra's too."""
    if pattern.holds == "reply.approval is 3":
        return True
    alone = pattern.holds if "{" not in pattern.holds and " or " not in pattern.holds else ""
    words = (*pattern.events, *pattern.echoes, alone)
    return not pattern.workflow and any(part in word for word in words for part in SPEAKING)


def other_workflow(seen: Sequence[Seen]) -> str:
    """The workflow that the lines are of; empty: this one."""
    telling = [each.pattern for each in seen if each.pattern.workflow]
    if telling and all(CONFIRMED in each.events for each in telling):  # how it was approved, beside what fails here
        telling = [] if any(each.pattern.cause and not each.pattern.workflow for each in seen) else telling
    others = [each.workflow for each in telling]
    if not others:
        return INTERNAL if calls_inside(seen) else ""
    likeliest = max(dict.fromkeys(others), key=others.count)
    speaking = [each for each in seen if speaks_of_entra(each.pattern)]
    if likeliest == BULK:
        speaking = [each for each in speaking if "aad" in each.line.text.lower()]
    return "" if speaking else likeliest


def calls_inside(seen: Sequence[Seen]) -> bool:
    """Whether a client calls a site system's own paths, none speaks of a CMG, and none of Entra."""
    texts = [each.line.text for each in seen if of_client(each)]
    if not any(_INSIDE.search(text) for text in texts) or any(_GATEWAY.search(text) for text in texts):
        return False
    return not any(speaks_of_entra(each.pattern) for each in seen)


@dataclass(frozen=True)
class Other:
    """What is found of another workflow.

    Attributes:
        last: the last failure that nothing overcame; ``None``: there is none.
    """

    workflow: str
    named: tuple[Named, ...]
    last: Trouble | None


def other(seen: Sequence[Seen], workflow: str, using: Equipment) -> Other:
    """The causes that are the other workflow's own, or of the CMG on its way, where lines speak for one."""
    own = _causes(seen, workflow, using)
    told = [_plain(each, own) for each in troubles(((each, ()) for each in seen), lambda name: False)]
    failed = _open(seen, told)
    choices = [each for each in told if _is_choice(each)]
    taken = [each for each in choices if PATH in each.said]
    grounds = replace(using.grounds, causes=own)
    # which way is taken is why only where nothing is wrong on it
    named = ranked([*failed, *(each for each in choices if each not in taken)], grounds) if failed else ()
    return Other(workflow, named or ranked(taken, grounds), failed[-1] if failed else None)


def _is_choice(trouble: Trouble) -> bool:
    return bool(trouble.said) and set(trouble.said) <= CHOICES


def _causes(seen: Sequence[Seen], workflow: str, using: Equipment) -> Mapping[str, Cause]:
    outside = any(_GATEWAY.search(each.line.text) for each in seen)
    given = any("/regtoken" in each.line.text.lower() for each in seen)  # which of the site's tokens it is
    said = {name for each in seen if not given for name in each.pattern.either}
    return {
        name: each
        for name, each in using.causes.items()
        if name.startswith(workflow)
        or (name in said and each.workflow == workflow)
        or (outside and workflow in each.also_in)
    }


def _plain(trouble: Trouble, own: Mapping[str, Cause]) -> Trouble:
    """The same without the causes that it has in another workflow."""
    pattern = trouble.seen.pattern
    either = tuple(name for name in trouble.said if name in own)
    left = replace(pattern, cause=either[0] if either else "", either=either[1:])
    return replace(trouble, seen=replace(trouble.seen, pattern=left))


def _open(seen: Sequence[Seen], told: Sequence[Trouble]) -> list[Trouble]:
    """The failures behind which nothing was achieved."""
    place_of = {id(each.line): number for number, each in enumerate(seen)}
    good = [number for number, each in enumerate(seen) if not ACHIEVING.isdisjoint(each.pattern.events)]
    last = good[-1] if good else -1
    return [each for each in told if place_of[id(each.seen.line)] > last and not _is_choice(each)]


def is_other(device: str, seen: tuple[Seen, ...], found: Other, present: frozenset[str]) -> Diagnosis:
    """The diagnosis of another workflow."""
    told = (each for each in seen if each.pattern.workflow == found.workflow)
    first = next(told, None) or next(each for each in seen if _INSIDE.search(each.line.text))
    what, at = f"{article(found.workflow)} {found.workflow}", found.last
    fails = f" It fails at {place(at.seen)}: {at.seen.pattern.means or at.seen.pattern.id}." if at else ""
    return Diagnosis(
        device,
        Verdict.OTHER,
        f"This is not the Entra workflow: it is {what} one ({place(first)}).{fails}",
        _why(first, found),
        _then(found),
        seen=seen,
        named=found.named,
        workflow=found.workflow,
        logs=tuple(sorted(present)),
    )


def _why(first: Seen, found: Other) -> str:
    causes = [each for each in found.named if each.rank == 1]
    if found.last is None or not causes:
        return f"{first.pattern.means or 'that line'}; nothing {OF_ENTRA}"
    if len(causes) == 2 and all(each.how is How.SAID for each in causes):
        return f"{one_of(causes)} Nothing {OF_ENTRA}"
    if len(causes) > 1 or causes[0].how is How.THINKABLE:
        return f"What might explain it: {' or '.join(each.cause.name for each in causes)}. Nothing {OF_ENTRA}"
    return f"{causes[0].cause.means} ({place(causes[0].lines[-1])}) Nothing {OF_ENTRA}"


def _then(found: Other) -> str:
    causes = [each.cause for each in found.named if each.rank == 1]
    if len(causes) > 1:
        return f"Look next at: {'; '.join(list(dict.fromkeys(each.look for each in causes if each.look))[:3])}."
    return causes[0].remedy if causes else NOT_LOOKED_FOR


def unlikely(seen: Sequence[Seen], causes: Mapping[str, Cause]) -> frozenset[str]:
    """The causes of other workflows that lines of this one have to say outright.

    Before Entra is asked for a token it may yet be a bulk token that the lines are about. That a client uses a
    certificate is a choice, of which no failure speaks. What an older product does not have explains no log of it.
    """
    last = max((f"{each.line.when:%Y-%m}" for each in seen if each.line.when), default="9999")
    asked = any(not ASKING.isdisjoint(each.pattern.events) for each in seen)
    others = {name for name, each in causes.items() if each.workflow and (asked or each.workflow != BULK)}
    later = {name for name, each in causes.items() if each.since > last}
    return frozenset(others | later | {PATH})


def article(workflow: str) -> str:
    return "an" if workflow[0] in "aeiou" else "a"
