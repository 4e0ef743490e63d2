"""Certificates: the authorities that issue them, and where their lists of revoked ones are published.

How one end judges what the other shows is in :mod:`.trust`, which is to be had from here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .network import Identity
from .trust import Revocations, Trust, Use, hosts_of, matches
from .world import World

__all__ = ["Authority", "DistributionPoint", "Revocations", "Trust", "Use", "hosts_of", "matches"]

DAY, WEEK, YEAR = timedelta(days=1), timedelta(days=7), timedelta(days=365)


class DistributionPoint:
    """Where revocation lists are fetched from: plain HTTP under `names.crl`, one path for each authority.

    Attributes:
        lists: path → what gives the list that is served now, or None where none is published.
    """

    def __init__(self, world: World) -> None:
        self.host = world.names.crl
        self.lists: dict[str, Callable[[], bytes | None]] = {}
        self.app = Starlette(routes=[Route("/{name}", self._answer, methods=["GET"])])
        world.network.serve(self.host, self.app)

    def url(self, name: str) -> str:
        """What certificates say of where their issuer's list is."""
        return f"http://{self.host}/{name}.crl"

    async def _answer(self, request: Request) -> Response:
        give = self.lists.get(request.url.path)
        data = give() if give else None
        if data is None:
            return Response(status_code=404)
        return Response(data, media_type="application/pkix-crl")


class Authority:
    """A certification authority with its revocation list, which it publishes each day for a week (AD CS's defaults).

    Nothing in a lab sleeps, so what is due by the schedule is done when somebody asks for the list.

    Args:
        name: its subject's common name, and its list's in the distribution point.
        issuer: who issued it, for an intermediate; without one it is a root and signs itself.

    Attributes:
        certificate: its own.
        scheduled: it publishes each day; while not, the list that is served grows old and lapses.
    """

    def __init__(self, world: World, name: str, point: DistributionPoint, *, issuer: Authority | None = None) -> None:
        self._world, self._point, self.name, self.issuer = world, point, name, issuer
        self._url = point.url(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._serial = 0x1000
        self._lists = 0
        self._revoked: dict[int, datetime] = {}
        self._served: bytes | None = None
        self._published: datetime | None = None
        self._frozen = False
        self.scheduled = True
        self.certificate = self._own(issuer)
        point.lists[f"/{name}.crl"] = self._current
        self.publish()

    @property
    def intermediates(self) -> tuple[x509.Certificate, ...]:
        """What is shown with a certificate that it issued: itself and those above it, without the root."""
        return () if self.issuer is None else (self.certificate, *self.issuer.intermediates)

    def issue(
        self,
        subject: str,
        *,
        hosts: Iterable[str] = (),
        uses: Iterable[Use] = (Use.server,),
        begins: datetime | None = None,
        ends: datetime | None = None,
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> Identity:
        """A new certificate with its key.

        Args:
            subject: the common name.
            hosts: names that it is good for (subject alternative names); a leading `*.` stands for one label.
            begins, ends: its dates; from yesterday on, for two years, unless they are given.
        """
        private = key or ec.generate_private_key(ec.SECP256R1())
        certificate = self.certify(private.public_key(), subject, hosts=hosts, uses=uses, begins=begins, ends=ends)
        return Identity(certificate, private, self.intermediates)

    def certify(
        self,
        public: ec.EllipticCurvePublicKey,
        subject: str,
        *,
        hosts: Iterable[str] = (),
        uses: Iterable[Use] = (Use.server,),
        begins: datetime | None = None,
        ends: datetime | None = None,
    ) -> x509.Certificate:
        """A certificate for a key that somebody else has."""
        begins = begins or self._world.clock.now() - DAY
        builder = self._begin(subject, public, begins, ends or begins + 2 * YEAR)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
        wanted = [use.value for use in uses]
        if wanted:
            builder = builder.add_extension(x509.ExtendedKeyUsage(wanted), critical=False)
        names = [x509.DNSName(host) for host in hosts]
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return self._sign(builder)

    def revoke(self, certificate: x509.Certificate) -> None:
        """Enter a certificate into the next list that is published; the one that is served does not change (A35)."""
        self._revoked[certificate.serial_number] = self._world.clock.now()

    def publish(self, now: datetime | None = None, *, lifetime: timedelta = WEEK) -> None:
        """Build the list as of a time (now, unless one is given) and serve it, unless the served one is frozen."""
        now = now or self._world.clock.now()
        self._lists += 1
        builder = x509.CertificateRevocationListBuilder(
            issuer_name=self.certificate.subject, last_update=now, next_update=now + lifetime
        )
        builder = builder.add_extension(x509.CRLNumber(self._lists), critical=False)
        builder = builder.add_extension(self._authority_key(), critical=False)
        for serial, since in self._revoked.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
            )
        self._published = now
        if not self._frozen:
            self._served = builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def let_lapse(self) -> None:
        """Serve a list whose time has just passed, and publish no other: `stale` (A35)."""
        self.scheduled = self._frozen = False
        self.publish(self._world.clock.now() - WEEK)

    def freeze(self) -> None:
        """Go on serving the list that is served now, whatever is revoked or published later."""
        self._frozen = True

    def withdraw(self) -> None:
        """Serve no list at all."""
        self.scheduled = False
        self._served = None

    def resume(self) -> None:
        """Publish a fresh list, and again each day."""
        self.scheduled, self._frozen = True, False
        self.publish()

    def _current(self) -> bytes | None:
        now = self._world.clock.now()
        if self.scheduled and (self._published is None or now >= self._published + DAY):
            self.publish(now)
        return self._served

    def _own(self, issuer: Authority | None) -> x509.Certificate:
        begins = self._world.clock.now() - YEAR
        signer = issuer or self
        builder = signer._begin(self.name, self._key.public_key(), begins, begins + 20 * YEAR)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return signer._sign(builder.add_extension(_usage(signs_certificates=True), critical=True))

    def _begin(
        self, subject: str, public: ec.EllipticCurvePublicKey, begins: datetime, ends: datetime
    ) -> x509.CertificateBuilder:
        self._serial += 1
        where = x509.DistributionPoint([x509.UniformResourceIdentifier(self._url)], None, None, None)
        return (
            x509.CertificateBuilder(_name(self.name), _name(subject), public, self._serial, begins, ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(self._authority_key(), critical=False)
            .add_extension(x509.CRLDistributionPoints([where]), critical=False)
        )

    def _authority_key(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())

    def _sign(self, builder: x509.CertificateBuilder) -> x509.Certificate:
        return builder.sign(self._key, hashes.SHA256())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
