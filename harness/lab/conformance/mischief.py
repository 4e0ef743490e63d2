"""Whoever else there is beside a client in order: an adversary, and a client in disorder.

What they know they have seen on wires that they end, found on the device's disk, or been answered; what they send is in
:mod:`.offers`. Who stands between the client and the CMG is their doing too, and that nobody reaches revocation lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ccmproof.model.workflow.wire import ADVERSARY_OFFERS, CONFUSED_OFFERS, OFFERS

from ..asked import asking
from ..build import Lab, accept_anything
from ..network import Crossing, Identity, Kind, Refused, Unreachable
from ..world import SYSTEM
from .facts import Known, body_of, request
from .offers import ENDPOINTS, Message, Offer, Tokens, message

CLIENT, CONFUSED, ADVERSARY = "client", "confused_client", "adversary"
"""On whose behalf a message is sent."""
DIRECTLY = "offer_goes_directly"
THROUGH = "offer_goes_through_the_compromised_cmg"
"""How the ways begin that lead past the CMG's checks."""
_OF_TOKEN = ("kind", "tenant", "audience", "owner", "signer", "life", "names")


@dataclass(frozen=True)
class Prepared:
    """A request of somebody else's, ready to be sent.

    Attributes:
        facts: what is chosen and shown, as the model has it.
    """

    sender: str
    way: str
    message: Message
    facts: Mapping[str, str] = field(default_factory=dict)


class Others:
    """What others know, and what they do.

    Attributes:
        tokens: those that an adversary can make.
        loot: the token that he has come by; empty where he has none.
    """

    def __init__(self, lab: Lab, known: Known) -> None:
        self.lab, self.known, self.tokens = lab, known, Tokens(lab, known.published)
        self.loot = self._device_token = self._bearer = self._asked = ""
        self._answer: Crossing | None = None

    # -- what they know

    def note(self, sender: str, crossing: Crossing) -> None:
        """Keep in mind what an adversary or a client in disorder could have of a message."""
        names, given = self.lab.names, body_of(crossing).get("access_token")
        if sender == ADVERSARY and crossing.kind is Kind.reply:
            self._answer = crossing
        if sender != CLIENT:
            return
        if crossing.kind is Kind.reply and crossing.sender == names.entra and self._asked == "device":
            self._device_token = given if isinstance(given, str) else self._device_token
        if crossing.kind is Kind.request and crossing.receiver == names.entra:
            self._asked = str(body_of(crossing).get("grant_type"))
        if crossing.kind is Kind.request and crossing.receiver == names.cmg:
            scheme, _, text = crossing.headers.get("authorization", "").partition(" ")
            self._bearer = text if scheme.lower() == "bearer" else ""

    def answered(self) -> None:
        """The adversary has got his answer: a token in it is loot."""
        given = body_of(self._answer).get("access_token") if self._answer else None
        if isinstance(given, str):
            self.loot = given

    def _cached(self) -> str:
        entry = self.lab.observed().tokens.get(SYSTEM)
        return entry.token if entry else ""

    def has(self, event: str) -> bool:
        """Whether there is what the event needs beside what the model knows of."""
        needs: Mapping[str, Callable[[], str]] = {
            "adversary_captures_token": lambda: self._bearer,
            "adversary_reads_cache": self._cached,
            "adversary_replays_loot": lambda: self.loot,
            "confused_client_offers_entra_token": lambda: self._device_token,
            "confused_client_offers_dead_token": self._cached,
            "confused_client_takes_the_wrong_path": self._cached,
        }
        return event not in needs or bool(needs[event]())

    # -- what they offer

    def offers(self, allowed: Callable[[str], bool]) -> list[tuple[str, tuple[str, ...]]]:
        """Every request that can be made now: the event, and endpoint, CcmTokenAuth, whose it claims to be, the way."""
        found: list[tuple[str, tuple[str, ...]]] = []
        for event in OFFERS:
            if not allowed(event) or not self.has(event):
                continue
            adverse = event in ADVERSARY_OFFERS
            auths = ("no", "yes") if adverse else ("no" if event == "confused_client_offers_no_token" else "yes",)
            claims = ("client", "stranger") if adverse else ("client",)
            found += [(event, (endpoint, auth, claim, way)) for endpoint in ENDPOINTS for auth in auths
                      for claim in claims for way in self._ways(adverse=adverse)]  # fmt: skip
        return found

    def _ways(self, *, adverse: bool) -> list[str]:
        environment, ways = self.lab.environment, ["offer_goes_to_the_cmg"]
        if environment["direct"] == "yes":
            ways.append(DIRECTLY)
        if adverse and environment["cmg_compromised"] == "yes":
            points = zip(("", "_to_second"), self.lab.connection_points, strict=False)
            ways += [f"{THROUGH}{which}" for which, point in points if point.channel is not None]
        return ways

    def prepared(self, event: str, said: tuple[str, ...]) -> Prepared:
        """An offer as a request."""
        endpoint, auth, claims, way = said
        bearer = self.tokens.of_event(event, self.loot, self._device_token, self._cached())
        offer = Offer(event, endpoint, auth, claims, bearer, mutual=event == "confused_client_takes_the_wrong_path")
        sent = message(self.lab, offer, direct=way == DIRECTLY)
        sender = CONFUSED if event in CONFUSED_OFFERS else ADVERSARY
        return self.looked_at(Prepared(sender, way, sent, offer.facts))

    def looked_at(self, prepared: Prepared) -> Prepared:
        """The same request, with what is seen of its token now."""
        shown = request(self._crossing(prepared.message), self.known, direct=prepared.way == DIRECTLY)
        token = {name: value for name, value in shown.items() if name.removeprefix("request.") in _OF_TOKEN}
        return replace(prepared, facts={**prepared.facts, **token})

    def _crossing(self, sent: Message) -> Crossing:
        headers = {name.lower(): value for name, value in sent.headers.items()}
        names = self.lab.names
        return Crossing(Kind.request, names.adversary, names.cmg, True, sent.method, sent.path, headers, sent.body)

    async def send(self, prepared: Prepared) -> None:
        """Send a request, whatever comes of it."""
        names, network, sent = self.lab.names, self.lab.world.network, prepared.message
        by = names.client if prepared.sender == CONFUSED else names.adversary
        try:
            if prepared.way.startswith(THROUGH):
                channel = self.lab.connection_points[1 if prepared.way.endswith("second") else 0].channel
                assert channel is not None
                await channel.request_back(sent.method, sent.path, headers=sent.headers, content=sent.body)
                return
            host = names.management_point if prepared.way == DIRECTLY else names.cmg
            plain = prepared.way == DIRECTLY and self.lab.environment["mp_mode"] == "http"
            connection = await network.connect(by, host, verify=None if plain else accept_anything)
            await connection.request(sent.method, sent.path, headers=sent.headers, content=sent.body)
        except (Refused, Unreachable):
            return

    # -- what they do; each has the name of its event

    def adversary_captures_token(self) -> None:
        """Take the token of the client's request that is under way."""
        self.loot = self._bearer

    def adversary_reads_cache(self) -> None:
        """Take SYSTEM's token from the device's disk."""
        self.loot = self._cached()

    def adversary_forgets(self) -> None:
        """Have no token any more."""
        self.loot = ""

    def adversary_shows_wrong_certificate(self) -> None:
        """Answer on the CMG's name with a certificate of one's own."""
        names = self.lab.names
        self.intercept(self.lab.authorities.rogue.issue(names.cmg, hosts=[names.cmg]))

    def adversary_shows_stolen_certificate(self) -> None:
        """Answer on it with the CMG's certificate and its key: to its clients it looks the same."""
        self.adversary_stops_intercepting()

    def adversary_stops_intercepting(self) -> None:
        """Let the CMG answer for itself."""
        with asking("gateway", "start()"):
            self.lab.gateway.start()

    def intercept(self, identity: Identity) -> None:
        """Answer on the CMG's name, showing this."""
        self.lab.world.network.serve(self.lab.names.cmg, self.lab.gateway.app, identity)

    async def connection_point_comes_back(self, number: int) -> None:
        """A connection point comes back to the gateway itself, whoever stands between it and its clients."""
        network, name = self.lab.world.network, self.lab.names.cmg
        shown = network.identity_of(name)
        self.adversary_stops_intercepting()
        own = network.identity_of(name)
        await self.lab.connection_point_comes_back(number)
        if shown is not None and own is not None and shown.certificate != own.certificate:
            self.intercept(shown)

    def crl_traffic_is_blocked(self) -> None:
        """Nobody reaches the revocation lists that are on the internet."""
        self.lab.world.network.cut(self.lab.names.crl)

    def crl_traffic_passes_again(self) -> None:
        """They can be reached again."""
        self.lab.world.network.mend(self.lab.names.crl)
