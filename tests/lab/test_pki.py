"""Authorities: what stands in a certificate, when a list is published, and what is served of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from ccmproof.harness.lab.network import Unreachable
from ccmproof.harness.lab.pki import DAY, WEEK, Authority, DistributionPoint, Use, hosts_of
from ccmproof.harness.lab.world import World
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID


@pytest.fixture
def world() -> World:
    return World(Path("nothing is written"))


@pytest.fixture
def point(world: World) -> DistributionPoint:
    return DistributionPoint(world)


@pytest.fixture
def authority(world: World, point: DistributionPoint) -> Authority:
    return Authority(world, "public", point)


def ask(world: World, path: str, method: str = "GET") -> httpx.Response:
    async def exchange() -> httpx.Response:
        connection = await world.network.connect("somebody", world.names.crl)
        return await connection.request(method, path)

    return asyncio.run(exchange())


def served(world: World, name: str = "public") -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(ask(world, f"/{name}.crl").content)


class TestCertificates:
    def test_says_where_its_list_is_and_whose_key_signed_it(self, world: World, authority: Authority) -> None:
        extensions = authority.issue("gw", hosts=["gw.example.net"]).certificate.extensions
        point = extensions.get_extension_for_class(x509.CRLDistributionPoints).value[0]
        assert point.full_name == [x509.UniformResourceIdentifier(f"http://{world.names.crl}/public.crl")]
        own = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        signed_by = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        assert signed_by.key_identifier == own.digest

    def test_says_what_it_was_asked_to(self, world: World, authority: Authority) -> None:
        now = world.clock.now()
        identity = authority.issue(
            "PC0001", hosts=["a.example", "*.b.example"], uses=[Use.client], begins=now, ends=now + DAY
        )
        certificate = identity.certificate
        assert certificate.subject.rfc4514_string() == "CN=PC0001"
        assert hosts_of(certificate) == ["a.example", "*.b.example"]
        assert (certificate.not_valid_before_utc, certificate.not_valid_after_utc) == (now, now + DAY)
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(uses) == [ExtendedKeyUsageOID.CLIENT_AUTH]
        certificate.verify_directly_issued_by(authority.certificate)

    def test_has_a_serial_number_of_its_own(self, world: World, point: DistributionPoint) -> None:
        root = Authority(world, "root", point)
        below = Authority(world, "below", point, issuer=root)
        issued = [root.certificate, below.certificate, *(root.issue("x").certificate for _ in range(5))]
        assert len({each.serial_number for each in issued}) == len(issued)

    def test_takes_a_key_that_is_given(self, authority: Authority) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        assert authority.issue("x", key=key).certificate.public_key() == key.public_key()

    def test_is_shown_with_what_stands_between_it_and_the_root(self, world: World, point: DistributionPoint) -> None:
        root = Authority(world, "root", point)
        middle = Authority(world, "middle", point, issuer=root)
        low = Authority(world, "low", point, issuer=middle)
        assert root.issue("x").intermediates == ()
        assert low.issue("x").intermediates == (low.certificate, middle.certificate)
        low.certificate.verify_directly_issued_by(middle.certificate)
        middle.certificate.verify_directly_issued_by(root.certificate)


class TestLists:
    def test_is_there_from_the_beginning_and_lives_for_a_week(self, world: World, authority: Authority) -> None:
        found = served(world)
        assert (found.last_update_utc, found.next_update_utc) == (world.clock.now(), world.clock.now() + WEEK)
        assert found.is_signature_valid(authority.certificate.public_key())  # type: ignore[arg-type]
        assert len(found) == 0

    def test_names_who_is_revoked_only_when_it_is_published_again(self, world: World, authority: Authority) -> None:
        certificate = authority.issue("x").certificate
        authority.revoke(certificate)
        assert served(world).get_revoked_certificate_by_serial_number(certificate.serial_number) is None
        world.clock.advance(DAY)
        assert served(world).get_revoked_certificate_by_serial_number(certificate.serial_number) is not None

    def test_is_published_each_day_and_not_more_often(self, world: World, authority: Authority) -> None:
        first = served(world)
        world.clock.advance(DAY - timedelta(seconds=1))
        assert served(world) == first
        world.clock.advance(timedelta(seconds=1))
        assert served(world).last_update_utc == world.clock.now()

    def test_grows_old_where_nothing_is_published(self, world: World, authority: Authority) -> None:
        first = served(world)
        authority.scheduled = False
        world.clock.advance(3 * WEEK)
        assert served(world) == first

    def test_can_have_lapsed(self, world: World, authority: Authority) -> None:
        authority.let_lapse()
        assert served(world).next_update_utc == world.clock.now()
        world.clock.advance(DAY)
        assert served(world).next_update_utc == world.clock.now() - DAY

    def test_goes_on_being_served_when_frozen(self, world: World, authority: Authority) -> None:
        first = served(world)
        authority.freeze()
        authority.revoke(authority.issue("x").certificate)
        authority.publish()
        world.clock.advance(2 * DAY)
        assert served(world) == first

    def test_can_be_withdrawn_and_come_back(self, world: World, authority: Authority) -> None:
        authority.withdraw()
        world.clock.advance(DAY)
        assert ask(world, "/public.crl").status_code == 404
        authority.resume()
        assert served(world).last_update_utc == world.clock.now()

    def test_numbers_rise(self, world: World, authority: Authority) -> None:
        def number() -> int:
            return served(world).extensions.get_extension_for_class(x509.CRLNumber).value.crl_number

        first = number()
        authority.publish()
        assert number() > first


class TestDistributionPoint:
    @pytest.mark.parametrize("path", ["/", "/unknown.crl", "/public", "/public.crl/", "/%2e%2e/x", "/public.crl%00"])
    def test_serves_nothing_else(self, world: World, authority: Authority, path: str) -> None:
        assert ask(world, path).status_code in {404, 307}

    def test_takes_nothing(self, world: World, authority: Authority) -> None:
        assert ask(world, "/public.crl", "POST").status_code == 405

    def test_serves_several_authorities(self, world: World, point: DistributionPoint, authority: Authority) -> None:
        Authority(world, "corporate", point)
        assert served(world, "corporate").issuer != served(world, "public").issuer

    def test_can_be_cut_off(self, world: World, authority: Authority) -> None:
        world.network.cut(world.names.crl)
        with pytest.raises(Unreachable):
            ask(world, "/public.crl")
