"""How one end judges what the other shows: a chain to a root that it trusts, the name, the dates, the use, revocation.

Path validation is the library's (`cryptography.x509.verification`), which says only *that* a chain is bad. WinHTTP says
why, by flags (DOMAIN 2.7), so each question is asked on its own, and all of them together ask no less than the library
does. Revocation is not the library's matter at all: lists are fetched and parsed here, and judged fail-closed: without
a fresh list every certificate is as good as revoked (DOMAIN 2.4, A35).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID

from .network import Chain, Reason, Refused, Unreachable
from .world import World

LARGEST_LIST = 1 << 20
UNREADABLE = (
    ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion,
    x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
)  # fmt: skip
"""What the library raises on a certificate or a list that somebody has made up; they have no common class."""


class Use(Enum):
    """What a certificate is for: its extended key usage (X2, X4)."""

    server = ExtendedKeyUsageOID.SERVER_AUTH
    client = ExtendedKeyUsageOID.CLIENT_AUTH


class Trust:
    """A store of roots, and what one end asks of a chain that the other shows. One method for each question.

    Attributes:
        roots: may be added to at any time, as Intune does (I1.6).
    """

    def __init__(self, roots: Iterable[x509.Certificate] = ()) -> None:
        self.roots = list(roots)

    def verify_server(self, chain: Chain, host: str, now: datetime) -> None:
        """Accept a server, or not (X2).

        Raises:
            Refused: its reason is the first that holds, in the order of :meth:`reasons`; its text tells all of them.
        """
        _refuse(self.reasons(chain, now, Use.server, host))

    def verify_client(self, chain: Chain, now: datetime) -> None:
        """Accept a client, or not (X4).

        Raises:
            Refused: as :meth:`verify_server` does; where nothing is shown, for want of a certificate.
        """
        if not chain:
            raise Refused(Reason.client_certificate)
        _refuse(self.reasons(chain, now, Use.client))

    def reasons(self, chain: Chain, now: datetime, use: Use, host: str = "") -> list[Reason]:
        """All reasons to refuse a chain, leaf first: authority, name, date, use; none where it is good."""
        if not chain:
            return [Reason.unknown_authority]
        good = {
            Reason.unknown_authority: self.authority_good(chain, now),
            Reason.name: use is Use.client or self.name_good(chain, host),
            Reason.date: self.date_good(chain, now),
            Reason.wrong_use: self.use_good(chain, now, use),
        }
        return [reason for reason, holds in good.items() if not holds]

    def authority_good(self, chain: Chain, now: datetime) -> bool:
        """A path of good signatures leads to a root in the store, whatever the time, the name and the use."""
        return bool(self.path(chain, now))

    def name_good(self, chain: Chain, host: str) -> bool:
        """One of the leaf's names is the host's; the common name does not count."""
        return any(matches(pattern, host) for pattern in hosts_of(chain[0]))

    def date_good(self, chain: Chain, now: datetime) -> bool:
        """All of the path are within their dates."""
        path = self.path(chain, now) or chain
        return all(each.not_valid_before_utc <= now <= each.not_valid_after_utc for each in path)

    def use_good(self, chain: Chain, now: datetime, use: Use) -> bool:
        """The leaf says that it is for this use, and no intermediate says that it is for others only."""
        leaf, *others = self.path(chain, now) or chain
        usage = _uses(leaf)
        if usage is None or use.value not in usage:
            return False
        return all(
            limits is None or use.value in limits or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in limits
            for limits in map(_uses, others)
        )

    def path(self, chain: Chain, now: datetime) -> list[x509.Certificate]:
        """The path from a leaf to a root of the store, both included; empty where there is none.

        What is out of its dates has a path too: it is then looked for at a time when the shown ones were good.
        """
        times = [now, max(each.not_valid_before_utc for each in chain)] if chain and self.roots else []
        for time in times:
            try:
                return self._library(chain, time)
            except (verification.VerificationError, *UNREADABLE):
                continue
        return []

    def _library(self, chain: Chain, time: datetime) -> list[x509.Certificate]:
        """The library's path. Its verifier of clients does not look at names; of uses, no validator is left here."""
        any_use = x509.ExtendedKeyUsage, verification.Criticality.AGNOSTIC, None
        any_name = x509.SubjectAlternativeName, verification.Criticality.AGNOSTIC, None
        of_leaf = verification.ExtensionPolicy.webpki_defaults_ee().may_be_present(*any_use).may_be_present(*any_name)
        of_others = verification.ExtensionPolicy.webpki_defaults_ca().may_be_present(*any_use)
        policy = verification.PolicyBuilder().extension_policies(ca_policy=of_others, ee_policy=of_leaf)
        verifier = policy.store(verification.Store(self.roots)).time(time).build_client_verifier()
        return list(verifier.verify(chain[0], list(chain[1:])).chain)


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise Refused(reasons[0], ", ".join(reasons))


def _uses(certificate: x509.Certificate) -> x509.ExtendedKeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except UNREADABLE:
        return None


def hosts_of(certificate: x509.Certificate) -> list[str]:
    """The DNS names of a certificate."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except UNREADABLE:
        return []
    return list(names.value.get_values_for_type(x509.DNSName))


def matches(pattern: str, host: str) -> bool:
    """A name of a certificate is a host's: the same, or `*.` and the same but for one label (DOMAIN 2.3)."""
    pattern, host = pattern.lower(), host.lower()
    if not pattern.startswith("*."):
        return pattern == host
    label, dot, rest = host.partition(".")
    return bool(label and dot) and rest == pattern[2:]


class Revocations:
    """What one host knows of revoked certificates: lists that it fetches, and keeps until they lapse (DOMAIN 2.9).

    Fail-closed: what cannot be found out is the same as revoked (DOMAIN 2.4).

    Args:
        by: the host that fetches.
        trust: names the issuers of what is judged.
    """

    def __init__(self, world: World, by: str, trust: Trust) -> None:
        self._world, self._by, self._trust = world, by, trust
        self._kept: dict[str, x509.CertificateRevocationList] = {}

    async def verify(self, chain: Chain) -> None:
        """Accept a chain whose every certificate below the root is in no list.

        Raises:
            Refused: for :attr:`Reason.revocation`; its text says what is the matter.
        """
        path = self._trust.path(chain, self._world.clock.now())
        if not path:
            raise Refused(Reason.revocation, "no path to a root: nobody's list can be asked for")
        for certificate, issuer in pairwise(path):
            revoked = await self.list_of(certificate, issuer)
            if not self.unrevoked(certificate, revoked):
                raise Refused(Reason.revocation, f"{certificate.subject.rfc4514_string()} is revoked")

    def unrevoked(self, certificate: x509.Certificate, revoked: x509.CertificateRevocationList) -> bool:
        """The certificate is not in the list."""
        return revoked.get_revoked_certificate_by_serial_number(certificate.serial_number) is None

    async def list_of(self, certificate: x509.Certificate, issuer: x509.Certificate) -> x509.CertificateRevocationList:
        """The list in hand that speaks of a certificate; one that has lapsed is fetched anew.

        Raises:
            Refused: there is none that is good.
        """
        url = distribution_point_of(certificate)
        kept = self._kept.get(url)
        if kept is None or not self.fresh(kept) or not _signed(kept, issuer):
            kept = _parse(await self._fetch(url))
            if not _signed(kept, issuer):
                raise Refused(Reason.revocation, f"the list of {url} is not its issuer's")
            if not self.fresh(kept):
                raise Refused(Reason.revocation, f"the list of {url} is stale")
            self._kept[url] = kept
        return kept

    def fresh(self, revoked: x509.CertificateRevocationList) -> bool:
        """Now is within the list's time. One that names no end has none that it could be trusted until."""
        end = revoked.next_update_utc
        return end is not None and revoked.last_update_utc <= self._world.clock.now() < end

    async def _fetch(self, url: str) -> bytes:
        scheme, _, rest = url.partition("://")
        host, _, path = rest.partition("/")
        if scheme != "http" or not host:
            raise Refused(Reason.revocation, f"no list can be fetched from {url!r}")
        try:
            connection = await self._world.network.connect(self._by, host)
            response = await connection.request("GET", f"/{path}")
        except Unreachable as error:
            raise Refused(Reason.revocation, f"no list: {error}") from error
        if response.status_code != 200 or len(response.content) > LARGEST_LIST:
            raise Refused(Reason.revocation, f"no list under {url}")
        return response.content


def distribution_point_of(certificate: x509.Certificate) -> str:
    """Where the list that speaks of a certificate is.

    Raises:
        Refused: it does not say.
    """
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except UNREADABLE as error:
        raise Refused(Reason.revocation, "the certificate names no list") from error
    for point in points:
        for name in point.full_name or ():
            if isinstance(name, x509.UniformResourceIdentifier):
                return str(name.value)
    raise Refused(Reason.revocation, "the certificate names no list")


def _parse(data: bytes) -> x509.CertificateRevocationList:
    """A list, whole and understood: a critical extension may mean that it speaks of some certificates only."""
    try:
        revoked = x509.load_der_x509_crl(data)
        critical = [each for each in revoked.extensions if each.critical]
        ends = revoked.next_update_utc, revoked.last_update_utc
    except UNREADABLE as error:
        raise Refused(Reason.revocation, "what was fetched is no revocation list") from error
    if critical or None in ends:
        raise Refused(Reason.revocation, "the list has parts that are not understood")
    return revoked


def _signed(revoked: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """The list is this issuer's own: by name, by its right to sign lists, and by signature."""
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        public = issuer.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            return False
        return revoked.issuer == issuer.subject and usage.crl_sign and revoked.is_signature_valid(public)
    except (*UNREADABLE, InvalidSignature):
        return False
