"""Where lab and model are known to differ (:mod:`ccmproof.harness.lab.conformance.environments` says who is right).

When the model is mended these tests fail; then the note goes, and these runs become ones that conform.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ccmproof.harness.lab.conformance.driver import Choice
from ccmproof.harness.lab.conformance.follow import Deviates
from ccmproof.harness.lab.conformance.machine import Session

OFFER = Choice("offer", "adversary_offers_no_token", ("registration", "no", "client", "offer_goes_directly"))


@pytest.fixture
def session() -> Iterator[Session]:
    """A site on whose direct path anybody may register, and a client that may do so without proof."""
    made = Session({"direct": "yes", "mp_mode": "ehttp", "anonymous_fallback": "yes", "user_kind": "nobody"})
    yield made
    made.close()


def to_its_end(session: Session, choice: Choice, sender: str) -> None:
    session.do(choice)
    while sender in session.driver.held:
        session.do(Choice("go", sender))


def test_who_has_registered_a_free_client_id_may_do_so_again(session: Session) -> None:
    """The lab knows him by his key; the model says that the ClientID is not his."""
    to_its_end(session, OFFER, "adversary")
    assert session.driver.follower.run().steps[-1].event == "mp_answers_directly"
    with pytest.raises(Deviates) as left:
        to_its_end(session, OFFER, "adversary")
    assert [str(each) for each in left.value.deviation.alternatives] == [
        "now: reply.status is 401, and ok was seen; reply.outcome is rejected, and success was seen"
    ]


def test_a_client_without_proof_may_not_take_what_is_anothers(session: Session) -> None:
    """The lab does not know its key; the model takes the record for the client's."""
    to_its_end(session, OFFER, "adversary")
    to_its_end(session, Choice("work", "INSTALL"), "client")
    for event in ("entra_disables_device", "tick", "tick", "tick"):
        session.do(Choice("stimulus", event))
    with pytest.raises(Deviates) as left:
        to_its_end(session, Choice("work", "REGISTER"), "client")
    assert [str(each) for each in left.value.deviation.alternatives] == [
        "mp_answers: reply.status is ok, and 401 was seen; reply.outcome is success, and rejected was seen"
    ]
