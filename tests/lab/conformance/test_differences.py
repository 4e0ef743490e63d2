"""Where lab and model are known to differ (:mod:`ccmproof.harness.lab.conformance.environments` says who is right).

When the model is mended these tests fail; then the note goes, and these runs become ones that conform.
"""

from __future__ import annotations

import pytest
from ccmproof.harness.lab.conformance.driver import Choice
from ccmproof.harness.lab.conformance.follow import Deviates
from ccmproof.harness.lab.conformance.machine import Session

from .test_whose_record import REGISTER, UNPROVEN, install, session, strike, to_its_end

__all__ = ["session"]

BY_THE_DEVICES_TOKEN = Choice(
    "offer", "confused_client_offers_entra_token", ("registration", "yes", "client", "offer_goes_to_the_cmg")
)
LATER = ("entra_disables_device", "tick", "tick", "tick")


def shown(session: Session) -> None:
    """Somebody else than the client registers by the device's own token, and signs with a key of his own."""
    install(session)
    assert to_its_end(session, BY_THE_DEVICES_TOKEN, "confused_client") == "mp_registers_client"


def deviation(left: pytest.ExceptionInfo[Deviates]) -> list[str]:
    return [str(each) for each in left.value.deviation.alternatives]


def test_who_has_shown_the_devices_token_may_come_again_without_it(session: Session) -> None:
    """The lab knows him by his key; to the model the record is the client's."""
    shown(session)
    with pytest.raises(Deviates) as left:
        to_its_end(session, UNPROVEN, "adversary")
    assert deviation(left) == [
        "now: reply.status is 401, and ok was seen; reply.outcome is rejected, and success was seen"
    ]


def test_and_the_client_may_not(session: Session) -> None:
    """The lab does not know its key."""
    shown(session)
    strike(session, *LATER)
    with pytest.raises(Deviates) as left:
        to_its_end(session, REGISTER, "client")
    assert deviation(left) == [
        "mp_answers: reply.status is ok, and 401 was seen; reply.outcome is success, and rejected was seen"
    ]
