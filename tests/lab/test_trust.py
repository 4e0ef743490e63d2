"""How a chain is judged: each reason shown on a chain that has just that wrong, and revocation fail-closed.

One room although it is long: all chains are forged from those of one site, so that each has one thing wrong.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from ccmproof.harness.lab.network import Chain, Crossing, Identity, Kind, Lost, Reason, Refused
from ccmproof.harness.lab.pki import DAY, WEEK, YEAR, Authority, DistributionPoint
from ccmproof.harness.lab.trust import Revocations, Trust, Use, matches
from ccmproof.harness.lab.world import World
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

HOST = "gw.example.net"
DER = serialization.Encoding.DER


@dataclass
class Site:
    """A root with an intermediate, and a certificate of a gateway."""

    world: World
    point: DistributionPoint
    root: Authority
    issuing: Authority
    gateway: Identity
    trust: Trust

    @property
    def now(self) -> datetime:
        return self.world.clock.now()


def build() -> Site:
    world = World(Path("nothing is written"))
    point = DistributionPoint(world)
    root = Authority(world, "root", point)
    issuing = Authority(world, "issuing", point, issuer=root)
    return Site(world, point, root, issuing, issuing.issue("gw", hosts=[HOST]), Trust([root.certificate]))


@pytest.fixture
def site() -> Site:
    return build()


ONE = build()
"""For what changes nothing: examples need no site of their own."""


def forged(
    signer: ec.EllipticCurvePrivateKey, issuer: x509.Certificate, *, uses: list[x509.ObjectIdentifier], ca: bool = False
) -> x509.CertificateBuilder:
    """A certificate for HOST that names an issuer, whoever may sign it."""
    key = issuer.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    now = ONE.now
    builder = x509.CertificateBuilder(
        issuer.subject,
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "forged")]),
        signer.public_key(),
        77,
        now - DAY,
        now + DAY,
    )
    usage = x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False)
    for extension, critical in (
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(key), False),
        (x509.SubjectKeyIdentifier.from_public_key(signer.public_key()), False),
        (x509.BasicConstraints(ca, None), True),
        (usage, True),
        (x509.SubjectAlternativeName([x509.DNSName(HOST)]), False),
        (x509.ExtendedKeyUsage(uses), False),
    ):
        builder = builder.add_extension(extension, critical)
    return builder


def reasons(site: Site, identity: Identity, host: str = HOST) -> list[Reason]:
    return site.trust.reasons(identity.chain, site.now, Use.server, host)


class TestServers:
    def test_good(self, site: Site) -> None:
        site.trust.verify_server(site.gateway.chain, HOST, site.now)

    def test_unknown_root(self, site: Site) -> None:
        with pytest.raises(Refused) as refused:
            Trust().verify_server(site.gateway.chain, HOST, site.now)
        assert refused.value.reason is Reason.unknown_authority
        another = Authority(site.world, "root", site.point)  # the same name, another key
        assert Trust([another.certificate]).reasons(site.gateway.chain, site.now, Use.server, HOST) == [
            Reason.unknown_authority
        ]

    def test_a_root_that_is_added_counts(self, site: Site) -> None:
        trust = Trust()
        trust.roots.append(site.root.certificate)
        trust.verify_server(site.gateway.chain, HOST, site.now)

    def test_the_intermediate_has_to_be_shown(self, site: Site) -> None:
        assert site.trust.reasons(site.gateway.chain[:1], site.now, Use.server, HOST) == [Reason.unknown_authority]

    def test_nothing_shown(self, site: Site) -> None:
        with pytest.raises(Refused) as refused:
            site.trust.verify_server((), HOST, site.now)
        assert refused.value.reason is Reason.unknown_authority
        assert site.trust.path((), site.now) == []

    def test_another_name(self, site: Site) -> None:
        assert reasons(site, site.gateway, "other.example.net") == [Reason.name]

    def test_the_common_name_is_no_name(self, site: Site) -> None:
        assert reasons(site, site.issuing.issue(HOST)) == [Reason.name]

    def test_expired(self, site: Site) -> None:
        old = site.issuing.issue("gw", hosts=[HOST], begins=site.now - 2 * DAY, ends=site.now - DAY)
        assert reasons(site, old) == [Reason.date]

    def test_not_yet(self, site: Site) -> None:
        young = site.issuing.issue("gw", hosts=[HOST], begins=site.now + DAY)
        assert reasons(site, young) == [Reason.date]

    def test_is_good_from_its_first_second(self, site: Site) -> None:
        assert reasons(site, site.issuing.issue("gw", hosts=[HOST], begins=site.now)) == []
        late = site.issuing.issue("gw", hosts=[HOST], begins=site.now + timedelta(seconds=1))
        assert reasons(site, late) == [Reason.date]

    def test_expires_as_time_passes(self, site: Site) -> None:
        ends = site.gateway.certificate.not_valid_after_utc
        site.world.clock.advance(ends - site.now)
        assert reasons(site, site.gateway) == []
        site.world.clock.advance(timedelta(seconds=1))
        assert reasons(site, site.gateway) == [Reason.date]

    def test_the_root_expires_too(self, site: Site) -> None:
        lasting = site.root.issue("gw", hosts=[HOST], ends=site.now + 40 * YEAR)
        site.world.clock.advance(21 * YEAR)
        assert reasons(site, lasting) == [Reason.date]

    def test_for_clients_only(self, site: Site) -> None:
        assert reasons(site, site.issuing.issue("gw", hosts=[HOST], uses=[Use.client])) == [Reason.wrong_use]

    def test_for_nothing_in_particular(self, site: Site) -> None:
        assert reasons(site, site.issuing.issue("gw", hosts=[HOST], uses=[])) == [Reason.wrong_use]

    def test_all_reasons_are_told_in_order(self, site: Site) -> None:
        bad = site.issuing.issue("gw", uses=[Use.client], ends=site.now - timedelta(hours=1))
        with pytest.raises(Refused) as refused:
            Trust().verify_server(bad.chain, HOST, site.now)
        assert refused.value.reason is Reason.unknown_authority
        assert str(refused.value) == "INVALID_CA, CERT_CN_INVALID, CERT_DATE_INVALID, WRONG_USAGE"


class TestForgeries:
    uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]

    def test_good_when_the_issuer_signs(self, site: Site) -> None:
        """What the other tests change one thing of."""
        key = ec.generate_private_key(ec.SECP256R1())
        good = forged(key, site.root.certificate, uses=self.uses).sign(site.root._key, hashes.SHA256())
        site.trust.verify_server([good], HOST, site.now)

    def test_signed_by_somebody_else(self, site: Site) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        bad = forged(key, site.root.certificate, uses=self.uses).sign(key, hashes.SHA256())
        assert site.trust.reasons([bad], site.now, Use.server, HOST) == [Reason.unknown_authority]

    def test_signed_by_a_leaf(self, site: Site) -> None:
        gateway = site.gateway
        key = ec.generate_private_key(ec.SECP256R1())
        bad = forged(key, gateway.certificate, uses=self.uses).sign(gateway.key, hashes.SHA256())
        assert site.trust.reasons([bad, *gateway.chain], site.now, Use.server, HOST) == [Reason.unknown_authority]

    def test_an_authority_is_no_leaf(self, site: Site) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        bad = forged(key, site.root.certificate, uses=self.uses, ca=True).sign(site.root._key, hashes.SHA256())
        assert Reason.unknown_authority in site.trust.reasons([bad], site.now, Use.server, HOST)

    def test_the_uses_of_an_intermediate_limit_those_below(self, site: Site) -> None:
        middle, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        above = forged(middle, site.root.certificate, uses=self.uses[:1], ca=True).sign(site.root._key, hashes.SHA256())
        below = forged(key, above, uses=self.uses).sign(middle, hashes.SHA256())
        assert site.trust.reasons([below, above], site.now, Use.server, HOST) == []
        assert site.trust.reasons([below, above], site.now, Use.client) == [Reason.wrong_use]

    @pytest.mark.filterwarnings("ignore:Parsed a serial number")
    @settings(max_examples=200, deadline=None)
    @given(st.integers(0, 10**6), st.integers(1, 255))
    def test_no_byte_of_what_is_signed_of_a_certificate_can_be_changed(self, where: int, change: int) -> None:
        original = ONE.gateway.certificate.public_bytes(DER)
        changed = bytearray(original)
        changed[where % len(changed)] ^= change
        try:
            certificate = x509.load_der_x509_certificate(bytes(changed))
        except (ValueError, x509.InvalidVersion):
            return
        if certificate.tbs_certificate_bytes == ONE.gateway.certificate.tbs_certificate_bytes:
            return  # the count of unused bits of the signature, which nobody signs
        with pytest.raises(Refused):
            ONE.trust.verify_server([certificate, *ONE.gateway.intermediates], HOST, ONE.now)

    @settings(max_examples=100, deadline=None)
    @given(
        hosts=st.lists(st.sampled_from([HOST, "*.example.net", "a.example"]), max_size=2, unique=True),
        uses=st.sets(st.sampled_from(list(Use))),
        begins=st.integers(-3, 2),
        lasts=st.integers(1, 3),
        trusted=st.booleans(),
        host=st.sampled_from([HOST, "x.example.net", "a.example", "example.net"]),
    )
    def test_asks_what_the_library_asks(
        self, hosts: list[str], uses: set[Use], begins: int, lasts: int, trusted: bool, host: str
    ) -> None:
        """All four questions together are the library's one, but that a certificate has to name its use."""
        first = ONE.now + begins * DAY + timedelta(hours=1)
        identity = ONE.issuing.issue("x", hosts=hosts, uses=uses, begins=first, ends=first + lasts * DAY)
        roots = [ONE.root.certificate] if trusted else [ONE.gateway.certificate]
        builder = verification.PolicyBuilder().store(verification.Store(roots)).time(ONE.now)
        try:
            verifier = builder.build_server_verifier(x509.DNSName(host))
            verifier.verify(identity.certificate, list(identity.intermediates))
            library = True
        except verification.VerificationError:
            library = False
        ours = not Trust(roots).reasons(identity.chain, ONE.now, Use.server, host)
        assert ours == (library and bool(uses))


class TestClients:
    def test_good(self, site: Site) -> None:
        site.trust.verify_client(site.issuing.issue("PC0001", uses=[Use.client]).chain, site.now)

    def test_nothing_shown(self, site: Site) -> None:
        with pytest.raises(Refused) as refused:
            site.trust.verify_client((), site.now)
        assert refused.value.reason is Reason.client_certificate

    def test_for_servers_only(self, site: Site) -> None:
        with pytest.raises(Refused) as refused:
            site.trust.verify_client(site.gateway.chain, site.now)
        assert refused.value.reason is Reason.wrong_use

    def test_unknown_root(self, site: Site) -> None:
        stranger = Authority(site.world, "stranger", site.point).issue("PC0001", uses=[Use.client])
        with pytest.raises(Refused) as refused:
            site.trust.verify_client(stranger.chain, site.now)
        assert refused.value.reason is Reason.unknown_authority

    def test_expired(self, site: Site) -> None:
        old = site.issuing.issue("PC0001", uses=[Use.client], ends=site.now - timedelta(hours=1))
        with pytest.raises(Refused) as refused:
            site.trust.verify_client(old.chain, site.now)
        assert refused.value.reason is Reason.date


def test_each_question_is_asked_in_its_own_method(site: Site) -> None:
    """Somebody who leaves one out accepts what that one would refuse, and refuses all else as before."""
    stranger = Authority(site.world, "stranger", site.point)
    wrong = {
        "authority_good": stranger.issue("gw", hosts=[HOST]),
        "name_good": site.issuing.issue("gw"),
        "date_good": site.issuing.issue("gw", hosts=[HOST], ends=site.now - timedelta(hours=1)),
        "use_good": site.issuing.issue("gw", hosts=[HOST], uses=[Use.client]),
    }
    for left_out in wrong:
        careless = type("Careless", (Trust,), {left_out: lambda *_: True})(site.trust.roots)
        for question, identity in wrong.items():
            accepted = not careless.reasons(identity.chain, site.now, Use.server, HOST)
            assert accepted == (question == left_out)


@pytest.mark.parametrize(
    ("pattern", "host", "expected"),
    [
        ("a.example", "a.example", True),
        ("A.Example", "a.eXAMPLE", True),
        ("*.example", "a.example", True),
        ("*.example", "a.b.example", False),
        ("*.example", "example", False),
        ("*.example", ".example", False),
        ("a.example", "b.example", False),
        ("a.example", "a.example.evil", False),
        ("*", "example", False),
    ],
)
def test_names(pattern: str, host: str, expected: bool) -> None:
    assert matches(pattern, host) is expected


def check(revocations: Revocations, chain: Chain) -> str:
    """What is said of a chain: nothing where it is accepted."""
    try:
        asyncio.run(revocations.verify(chain))
    except Refused as refused:
        assert refused.reason is Reason.revocation
        return str(refused)
    return ""


class TestRevocation:
    @pytest.fixture
    def revocations(self, site: Site) -> Revocations:
        return Revocations(site.world, "PC0001", site.trust)

    def test_good(self, site: Site, revocations: Revocations) -> None:
        assert check(revocations, site.gateway.chain) == ""

    def test_revoked(self, site: Site, revocations: Revocations) -> None:
        site.issuing.revoke(site.gateway.certificate)
        site.issuing.publish()
        assert "CN=gw is revoked" in check(revocations, site.gateway.chain)

    def test_only_whoever_is_revoked(self, site: Site, revocations: Revocations) -> None:
        site.issuing.revoke(site.issuing.issue("other").certificate)
        site.issuing.publish()
        assert check(revocations, site.gateway.chain) == ""

    def test_revoked_intermediate(self, site: Site, revocations: Revocations) -> None:
        site.root.revoke(site.issuing.certificate)
        site.root.publish()
        assert "CN=issuing is revoked" in check(revocations, site.gateway.chain)

    def test_a_revocation_is_seen_in_the_next_list_only(self, site: Site, revocations: Revocations) -> None:
        """A35: the list in hand is kept until it lapses, whatever has been published since."""
        assert check(revocations, site.gateway.chain) == ""
        site.issuing.revoke(site.gateway.certificate)
        site.issuing.publish()
        site.world.clock.advance(WEEK - timedelta(seconds=1))
        assert check(revocations, site.gateway.chain) == ""
        site.world.clock.advance(timedelta(seconds=1))
        assert "is revoked" in check(revocations, site.gateway.chain)

    def test_kept_lists_are_not_fetched_again(self, site: Site, revocations: Revocations) -> None:
        fetched: list[str] = []

        async def tap(crossing: Crossing) -> None:
            if crossing.kind is Kind.request:
                assert not crossing.secure
                fetched.append(crossing.path)

        site.world.network.taps.append(tap)
        check(revocations, site.gateway.chain)
        check(revocations, site.gateway.chain)
        assert fetched == ["/issuing.crl", "/root.crl"]
        site.world.network.cut(site.world.names.crl)
        assert check(revocations, site.gateway.chain) == ""

    def test_stale(self, site: Site, revocations: Revocations) -> None:
        site.issuing.let_lapse()
        assert "is stale" in check(revocations, site.gateway.chain)

    def test_stale_list_of_the_root(self, site: Site, revocations: Revocations) -> None:
        site.root.let_lapse()
        assert "is stale" in check(revocations, site.gateway.chain)

    def test_lapses_where_nothing_is_published(self, site: Site, revocations: Revocations) -> None:
        site.issuing.scheduled = False
        assert check(revocations, site.gateway.chain) == ""
        site.world.clock.advance(WEEK)
        assert "is stale" in check(revocations, site.gateway.chain)
        site.issuing.resume()
        assert check(revocations, site.gateway.chain) == ""

    def test_an_old_list_that_is_served_hides_a_revocation_until_it_lapses(
        self, site: Site, revocations: Revocations
    ) -> None:
        site.issuing.freeze()
        site.issuing.revoke(site.gateway.certificate)
        site.issuing.publish()
        assert check(revocations, site.gateway.chain) == ""
        site.world.clock.advance(WEEK)
        assert "is stale" in check(revocations, site.gateway.chain)

    def test_not_yet(self, site: Site, revocations: Revocations) -> None:
        site.issuing.publish(site.now + timedelta(hours=1))
        assert "is stale" in check(revocations, site.gateway.chain)

    def test_withdrawn(self, site: Site, revocations: Revocations) -> None:
        site.issuing.withdraw()
        assert "no list under" in check(revocations, site.gateway.chain)

    def test_unreachable(self, site: Site, revocations: Revocations) -> None:
        site.world.network.cut(site.world.names.crl)
        assert "no list" in check(revocations, site.gateway.chain)
        site.world.network.mend(site.world.names.crl)
        assert check(revocations, site.gateway.chain) == ""

    def test_reply_lost(self, site: Site, revocations: Revocations) -> None:
        async def tap(crossing: Crossing) -> None:
            if crossing.kind is Kind.reply:
                raise Lost

        site.world.network.taps.append(tap)
        assert "no list" in check(revocations, site.gateway.chain)

    def test_of_somebody_else(self, site: Site, revocations: Revocations) -> None:
        namesake = Authority(site.world, "issuing", site.point)  # its list is now served under the same path
        assert namesake.certificate.subject == site.issuing.certificate.subject
        assert "is not its issuer's" in check(revocations, site.gateway.chain)
        site.point.lists["/issuing.crl"] = site.point.lists["/root.crl"]
        assert "is not its issuer's" in check(revocations, site.gateway.chain)

    def test_too_large(self, site: Site, revocations: Revocations) -> None:
        site.point.lists["/issuing.crl"] = lambda: b"0" * ((1 << 20) + 1)
        assert "no list under" in check(revocations, site.gateway.chain)

    def test_speaks_of_some_certificates_only(self, site: Site, revocations: Revocations) -> None:
        partial = (
            x509.CertificateRevocationListBuilder(site.issuing.certificate.subject, site.now, site.now + WEEK)
            .add_extension(x509.IssuingDistributionPoint(None, None, False, True, None, False, False), critical=True)
            .sign(site.issuing._key, hashes.SHA256())
            .public_bytes(DER)
        )
        site.point.lists["/issuing.crl"] = lambda: partial
        assert "not understood" in check(revocations, site.gateway.chain)

    def test_names_no_list(self, site: Site, revocations: Revocations) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = forged(key, site.root.certificate, uses=[ExtendedKeyUsageOID.SERVER_AUTH])
        assert "names no list" in check(revocations, [builder.sign(site.root._key, hashes.SHA256())])
        for url in ("https://crl.pki.example/root.crl", "file:///root.crl", "http:///root.crl", "nonsense"):
            where = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
            odd = builder.add_extension(x509.CRLDistributionPoints([where]), False).sign(
                site.root._key, hashes.SHA256()
            )
            assert "no list can be fetched" in check(revocations, [odd])

    def test_names_a_list_by_something_that_is_no_address(self, site: Site, revocations: Revocations) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = forged(key, site.root.certificate, uses=[ExtendedKeyUsageOID.SERVER_AUTH])
        where = x509.DistributionPoint([x509.DirectoryName(site.root.certificate.subject)], None, None, None)
        odd = builder.add_extension(x509.CRLDistributionPoints([where]), False).sign(site.root._key, hashes.SHA256())
        assert "names no list" in check(revocations, [odd])

    def test_of_an_authority_with_an_rsa_key(self, site: Site) -> None:
        rsa_key, key = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rsa")])
        limits = (site.now - DAY, site.now + DAY)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(rsa_key.public_key())
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        root = x509.CertificateBuilder(subject, subject, rsa_key.public_key(), 1, *limits)
        for extension in (x509.BasicConstraints(True, None), usage):
            root = root.add_extension(extension, True)
        where = x509.DistributionPoint([x509.UniformResourceIdentifier(site.point.url("rsa"))], None, None, None)
        leaf = x509.CertificateBuilder(subject, subject, key.public_key(), 2, *limits)
        for extension in (identifier, x509.CRLDistributionPoints([where])):
            leaf = leaf.add_extension(extension, False)
        chain = [leaf.sign(rsa_key, hashes.SHA256())]
        lists = x509.CertificateRevocationListBuilder(subject, site.now, site.now + WEEK)
        good, bad = (lists.sign(each, hashes.SHA256()).public_bytes(DER) for each in (rsa_key, key))
        revocations = Revocations(site.world, "PC0001", Trust([root.sign(rsa_key, hashes.SHA256())]))
        site.point.lists["/rsa.crl"] = lambda: bad
        assert "is not its issuer's" in check(revocations, chain)
        site.point.lists["/rsa.crl"] = lambda: good
        assert check(revocations, chain) == ""

    def test_without_a_path_nobody_can_be_asked(self, site: Site) -> None:
        assert "no path" in check(Revocations(site.world, "PC0001", Trust()), site.gateway.chain)
        assert "no path" in check(Revocations(site.world, "PC0001", Trust()), ())

    @settings(max_examples=200, deadline=None)
    @given(st.integers(0, 10**6), st.integers(1, 255))
    def test_no_byte_of_what_is_signed_of_a_list_can_be_changed(self, where: int, change: int) -> None:
        give = ONE.point.lists["/issuing.crl"]
        original = give()
        assert original is not None
        signed = x509.load_der_x509_crl(original).tbs_certlist_bytes
        changed = bytearray(original)
        changed[where % (original.index(signed) + len(signed))] ^= change
        try:
            ONE.point.lists["/issuing.crl"] = lambda: bytes(changed)
            assert check(Revocations(ONE.world, "PC0001", ONE.trust), ONE.gateway.chain) != ""
        finally:
            ONE.point.lists["/issuing.crl"] = give

    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=400))
    def test_nonsense_is_no_list(self, data: bytes) -> None:
        give = ONE.point.lists["/issuing.crl"]
        try:
            ONE.point.lists["/issuing.crl"] = lambda: data
            assert check(Revocations(ONE.world, "PC0001", ONE.trust), ONE.gateway.chain) != ""
        finally:
            ONE.point.lists["/issuing.crl"] = give
