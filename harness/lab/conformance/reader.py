"""What crosses a wire as what it is in the model: which event, and with which values of its fields (:mod:`.facts`)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from ..network import Crossing, Kind, Reason
from .alphabet import CP_RETURNS, CP_SENDS, FORWARDS
from .facts import ELSE, Known, body_of, endpoint_of, parts, reply, request, token
from .follow import Facts, Seen

SENDS: Mapping[str, tuple[str, ...]] = {
    "aad_info": ("ccmsetup_sends_aad_info_request",),
    "sts": ("ccmsetup_sends_sts_request", "messaging_sends_sts_request"),
    "location": ("ccmsetup_sends_location_request",),
    "client_files": ("ccmsetup_checks_client_files",),
    "content_location": ("ccmsetup_sends_content_location_request",),
    "download": ("ccmsetup_sends_download_request",),
    "registration": ("registration_sends_request",),
    "policy": ("messaging_sends_message",),
}
"""What a request of the client to the CMG may be in the model, by its endpoint."""
ASKS = (("ccmsetup_downloads_from_cloud",), ("ask_for_device_token", "ask_for_user_token"))
"""What a request to the cloud's store may be, and one to Entra."""
REFUSALS: Mapping[Reason, str] = {
    Reason.unknown_authority: "tls_root_is_not_trusted",
    Reason.name: "tls_name_does_not_match",
    Reason.date: "tls_date_is_not_valid",
    Reason.revocation: "tls_revocation_check_fails",
}


class Reader:
    """What crossings mean. It knows what is asked for on each wire, so that a reply can be read by its request.

    Attributes:
        ours: the requests that whoever runs the lab has made: the adversary's, and a confused client's.
    """

    def __init__(self, known: Known) -> None:
        self.known, self.names = known, known.names
        self._asked: dict[tuple[str, str], str] = {}
        names = known.names
        self.points = {names.connection_point: 1, names.second_connection_point: 2}

    def read(self, crossing: Crossing) -> Seen | None:
        """What it is in the model; None where the model does not speak of it."""
        if crossing.kind is Kind.request:
            seen = self._request(crossing)
            self._asked[crossing.sender, crossing.receiver] = endpoint_of(crossing)
            return seen
        if crossing.kind is Kind.reply:
            return self._reply(crossing)
        return self._connection(crossing)

    def _connection(self, crossing: Crossing) -> Seen | None:
        names = self.names
        if crossing.sender == names.client and crossing.receiver == names.cmg:
            if crossing.kind is Kind.opened:
                return Seen("the client opens a connection to the CMG", ("tls_succeeds",))
            event = REFUSALS.get(crossing.reason) if crossing.reason and crossing.by == names.client else None
            return Seen(f"no connection of the client to the CMG: {crossing.reason}", (event,) if event else (),
                        holds="" if event else "false")  # fmt: skip
        if crossing.sender == names.client and crossing.receiver in self.known.shows:
            return self._to_known(crossing)
        point = self.points.get(crossing.sender)
        if crossing.kind is Kind.refused and point is not None and crossing.receiver == names.management_point:
            _, wants, wrong = CP_SENDS[point]
            events = (wrong,) if crossing.by == crossing.sender else (wants, wrong)
            return Seen(f"no connection of {crossing.sender} to the management point: {crossing.reason}", events)
        return None

    def _to_known(self, crossing: Crossing) -> Seen | None:
        """A connection of the client to Entra, or to the cloud's store. With somebody else in its place there is to be
        none, and then it does not answer; the model speaks of the request that would have been."""
        host, opened = crossing.receiver, crossing.kind is Kind.opened
        itself = [*crossing.chain[:1]] == [self.known.shows[host]]
        if opened and itself:
            return None
        if opened:
            return Seen(f"the client opens a connection to somebody who is not {host}", holds="false")
        what = f"no connection of the client to {host}: {crossing.reason}"
        return Seen(what, holds="false") if itself else Seen(what, ASKS[host == self.names.entra])

    def _request(self, crossing: Crossing) -> Seen | None:
        names, known = self.names, self.known
        what = f"{crossing.sender} asks {crossing.receiver}: {crossing.method} {crossing.path.split('?')[0]}"
        if crossing.sender == names.client and crossing.receiver == names.entra:
            return self._to_entra(crossing, what)
        if crossing.sender == names.client and crossing.receiver == names.cloud:
            return Seen(what, ("ccmsetup_downloads_from_cloud",), self._content_token(crossing))
        if crossing.receiver == names.cmg:
            endpoint = endpoint_of(crossing)
            facts = {**request(crossing, known), "request.sender": "client"}
            return Seen(what, SENDS.get(endpoint, ()), after=facts, holds="" if endpoint in SENDS else "false")
        if crossing.sender == names.cmg and crossing.receiver in self.points:
            return Seen(what, (FORWARDS[self.points[crossing.receiver]],), request(crossing, known))
        if crossing.sender == names.cmg and crossing.backwards:
            return Seen(f"{what}, which is no connection point", holds="false")
        if crossing.receiver != names.management_point:
            return None
        if crossing.sender in self.points:
            return Seen(what, CP_SENDS[self.points[crossing.sender]], request(crossing, known))
        facts = {**request(crossing, known, direct=True), "request.sender": "client"}
        return Seen(what, ("registration_sends_directly",), after=facts)

    def _to_entra(self, crossing: Crossing, what: str) -> Seen | None:
        kind = body_of(crossing).get("grant_type")
        if kind not in ("device", "user"):
            return None
        self._asked["grant", ""] = str(kind)
        return Seen(f"{what} for a token of the {kind}", (f"ask_for_{kind}_token",))

    def _reply(self, crossing: Crossing) -> Seen | None:
        names, known = self.names, self.known
        endpoint = self._asked.get((crossing.receiver, crossing.sender), "none")
        what = f"{crossing.sender} answers {crossing.receiver}: {crossing.status}"
        if crossing.sender == names.entra and crossing.receiver == names.client:
            return self._from_entra(crossing, what)
        if crossing.sender == names.cloud and crossing.receiver == names.client:
            refused = crossing.status in (401, 403)
            return Seen(what, ("cloud_refuses_content_token" if refused else "cloud_serves_content",),
                        holds="" if refused or crossing.status == 200 else "false")  # fmt: skip
        if crossing.sender in self.points and crossing.receiver == names.cmg:
            event = CP_RETURNS[self.points[crossing.sender]]
            return Seen(what, (event,), reply(crossing, endpoint, known))
        if crossing.sender == names.management_point:
            return self._from_management_point(crossing, endpoint, what)
        if crossing.sender == names.cmg:
            return Seen(what, ("cmg_returns_reply",), reply(crossing, endpoint, known))
        return None

    def _from_management_point(self, crossing: Crossing, endpoint: str, what: str) -> Seen | None:
        if crossing.receiver not in self.points:
            return Seen(what, ("mp_answers_directly",), reply(crossing, endpoint, self.known))
        if crossing.headers.get("x-iis-substatus"):
            point = ("connection_point", "second_connection_point")[self.points[crossing.receiver] - 1]
            return Seen(f"{what}, by what stands in front of it", holds=f"{point} is returning and reply.status is 403")
        facts: dict[str, str] = reply(crossing, endpoint, self.known)
        location = body_of(crossing).get("Location")
        if endpoint == "content_location" and crossing.status == 200 and location:
            facts["content_token.life"] = self._life_in(str(location))
        return Seen(what, ("mp_answers",), facts)

    def _from_entra(self, crossing: Crossing, what: str) -> Seen | None:
        kind = self._asked.get(("grant", ""))
        if kind is None:
            return None
        del self._asked["grant", ""]
        given = body_of(crossing).get("access_token")
        if crossing.status == 200 and isinstance(given, str):
            self.known.given.add(given)
            return Seen(what, (f"entra_issues_{kind}_token",), after=token(given, f"wam.{kind}", self.known))
        refused = 400 <= crossing.status < 500
        return Seen(what, (f"entra_refuses_{kind}_token",), holds="" if refused else "false")

    def _content_token(self, crossing: Crossing) -> Facts:
        return {"content_token.life": self._life_in(crossing.path)}

    def _life_in(self, url: str) -> str:
        given = parse_qs(urlsplit(url).query).get("token", [""])[0]
        try:
            return self.known.life(parts(given)[1].get("exp"))
        except ValueError:
            return ELSE
