"""The stages of the workflow that a log is told by: what has been achieved, and what is achieved next.

A stage is passed where its condition holds in every state that the model may be in. It was *seen* where a line stood
for it, and is *inferred* where only a later line makes it certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ccmproof.model.kernel.diagram import EMPTY

from ..pattern import Pattern
from .follow import Followed
from .ground import Ground
from .trail import ASIDE, Fit, Placed

INSTALLED = "ccmsetup is installed"
_ORDER = (
    "asking_aad_info", "waiting_for_aad_info", "getting_entra_token", "sending_sts", "waiting_for_sts",
    "holding_ccm_token", "locating", "waiting_for_site", "checking_files", "waiting_for_files", "asking_content",
    "waiting_for_content", "choosing_source", "downloading_from_cloud", "downloading_from_mp", "waiting_for_download",
    "downloaded", "verified", "installing", "installed",
)  # fmt: skip
"""ccmsetup's states on its way."""


@dataclass(frozen=True)
class Stage:
    """Something that is achieved.

    Attributes:
        name: what is then so, after "the client".
        doing: what is under way until then.
        phase: ``install``, ``registration`` or ``operation``.
        passed: the condition of having it behind.
        events: those that bring it about; a line that stands for one of them shows it.
        entra: it is no part of the way of a client that uses a PKI certificate.
        over: the condition of it being under way no more, where that says less than ``passed``; empty: the same.
    """

    name: str
    doing: str
    phase: str
    passed: str
    events: tuple[str, ...] = ()
    entra: bool = False
    over: str = ""


def _at(state: str) -> str:
    return f"ccmsetup in {{{', '.join(_ORDER[_ORDER.index(state) :])}}}"


STAGES: tuple[Stage, ...] = (
    Stage("has begun to install through the CMG", "ccmsetup begins", "install", _at("asking_aad_info"),
          ("ccmsetup_asks_the_cmg", "ccmsetup_has_entra_properties", "ccmsetup_takes_pki_certificate")),
    Stage("has the Entra properties", "ccmsetup asks the CMG for the Entra properties", "install",
          _at("getting_entra_token"),
          ("cmg_gives_entra_properties", "cmg_returns_reply", "ask_for_device_token", "ask_for_user_token"), True),
    Stage("has an Entra token", "ccmsetup asks Entra for a token", "install", _at("sending_sts"),
          ("ccmsetup_takes_entra_token", "entra_issues_device_token", "entra_issues_user_token"), True),
    Stage("has a CCM token", "ccmsetup asks CCM_STS for a CCM token", "install", _at("locating"),
          ("ccmsetup_caches_ccm_token",), True),
    Stage("has the site's information", "ccmsetup asks the management point for the site's information", "install",
          _at("checking_files"), ("cmg_returns_reply",)),
    Stage("has reached the client's files", "ccmsetup looks for the client's files", "install", _at("asking_content"),
          ("cmg_returns_reply",)),
    Stage("knows where the content is", "ccmsetup asks for content locations", "install", _at("choosing_source"),
          ("cmg_returns_reply",)),
    Stage("has the content", "ccmsetup downloads the content", "install", _at("downloaded"),
          ("ccmsetup_verifies_content", "cloud_serves_content", "cmg_returns_reply")),
    Stage("has started client.msi", "ccmsetup checks the content", "install", _at("installing"),
          ("ccmsetup_starts_client_msi",)),
    Stage("is installed", "client.msi runs", "install", INSTALLED, ("client_msi_finishes",)),
    Stage("has begun to register", "the client begins to register", "registration", "registration is not not_started",
          ("registration_starts",)),
    Stage("has an Entra token to register with", "the registration asks Entra for a token", "registration",
          "registration in {sending, waiting, confirmed, pending, registered} and registration.proof is entra",
          ("registration_takes_entra_token", "registration_sends_request"), True,
          "registration in {sending, waiting, confirmed, pending, registered}"),
    Stage("is registered", "the client registers", "registration", "registration is registered",
          ("registration_processes_confirmation",)),
    Stage("has the new CCM token", "the client asks CCM_STS for a new CCM token", "operation",
          "registration is registered and (new_token is got or registration.approval is 2)",
          ("messaging_caches_new_token",), True),
    Stage("has had a message answered", "the client sends messages", "operation",
          "registration is registered and messaging is idle and new_token is got",
          ("cmg_returns_reply", "mp_serves_policy")),
)  # fmt: skip
"""In the order of the workflow."""

TOKEN = 2
"""The place of the stage at which ccmsetup has an Entra token."""
REGISTERED = 12
"""The place of the stage that an install is for."""


@dataclass(frozen=True)
class Passed:
    """A stage as a log shows it: the line by which it is certain, and whether that line stands for it."""

    stage: Stage
    by: Placed | None = None
    seen: bool = False
    spared: bool = False
    """It is not on this client's way: it uses a PKI certificate."""


def passed(followed: Followed, stages: Sequence[Stage] = STAGES) -> tuple[Passed, ...]:
    """What is certain of each stage, from the first line that makes it so."""
    ground = followed.ground
    left = {stage.name: stage for stage in stages if _known(ground, stage)}
    found: dict[str, Passed] = {}
    for placed in followed.placed:
        if placed.after is None or placed.fit in ASIDE:
            continue
        for name, stage in list(left.items()):
            if _certain(ground, placed.after, stage.passed) and not _merely_answered(stage, placed):
                found[name] = Passed(stage, placed, not set(placed.events).isdisjoint(stage.events))
                del left[name]
    pki = followed.states is not None and _certain(ground, followed.states, "install_mode is pki")
    return tuple(
        found.get(stage.name) or Passed(stage, spared=pki and stage.entra and stage.phase == "install")
        for stage in stages
        if _known(ground, stage)
    )


def _merely_answered(stage: Stage, placed: Placed) -> bool:
    """A message counts as answered by the line that says so only: before and after it messaging is idle too."""
    return stage is STAGES[-1] and set(placed.events).isdisjoint(stage.events)


def _known(ground: Ground, stage: Stage) -> bool:
    """Whether the ground's network has what the stage speaks of; a small one of a test has not."""
    try:
        ground.says(stage.passed)
    except ValueError:
        return False
    return True


def _certain(ground: Ground, states: int, condition: str) -> bool:
    return states != EMPTY and ground.store.difference(states, ground.says(condition)) == EMPTY


def level_of(ground: Ground, states: int, *, over: bool = False) -> int:
    """The place of the last stage that is certain to be behind in these states; -1 where none is.

    Args:
        over: it is enough that it is under way no more.
    """
    for i in reversed(range(len(STAGES))):
        stage = STAGES[i]
        if _known(ground, stage) and _certain(ground, states, (over and stage.over) or stage.passed):
            return i
    return -1


FAILED = (
    "ccmsetup in {attempt_failed, gave_up} or registration is attempt_failed or messaging is attempt_failed"
    " or entra_request in {denied, device_failed}"
)
"""Something has failed, for now at least."""
BEGINNINGS = frozenset(STAGES[0].events) | {
    "registration_starts", "cmg_returns_reply", "ask_for_device_token", "ask_for_user_token"
}  # fmt: skip
ACHIEVING = frozenset(event for stage in STAGES for event in stage.events) - BEGINNINGS | {
    "messaging_caches_renewed_token", "messaging_takes_entra_token", "client_msi_finishes",
    "entra_issues_device_token", "entra_issues_user_token",
    "wam_serves_cached_device_token", "wam_serves_cached_user_token",
}  # fmt: skip
"""The events that achieve something; beginning and asking do not, and a reply only where it is good."""


def failed(ground: Ground, holds: str) -> bool:
    """Whether what holds is nothing but a failure."""
    try:
        return ground.store.difference(ground.says(holds), ground.says(FAILED)) == EMPTY
    except ValueError:
        return False


def achieves(placed: Placed) -> bool:
    """Whether a line shows that something was achieved, as it was placed."""
    if placed.fit in ASIDE:
        return False
    pattern = placed.seen.pattern
    good = "cmg_returns_reply" in placed.events and "status is ok" in pattern.holds
    events = placed.events or pattern.echoes
    return good or (bool(events) and ACHIEVING.issuperset(events))


def of_token(pattern: Pattern) -> bool:
    """Whether it speaks of the request for an Entra token: what fails there is overcome by a token that is got."""
    words = (*pattern.events, pattern.holds)
    return any("entra_request" in word or word in TOKEN_REFUSALS for word in words)


def got_token(placed: Placed) -> bool:
    """Whether a line says that an Entra token was got."""
    return placed.fit is not Fit.ELSEWHERE and placed.seen.pattern.holds in GOT


GOT = frozenset({"entra_request is got_device", "entra_request is got_user"})
TOKEN_REFUSALS = frozenset(
    {"entra_refuses_device_token", "entra_refuses_user_token", "entra_does_not_answer",
     "windows_lacks_device_token_api", "device_key_is_not_there"}
)  # fmt: skip
