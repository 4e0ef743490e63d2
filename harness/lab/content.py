"""Content of the client: what a site distributes, and the cloud's store, which looks at the content token alone (5.3).

The content token is the management point's, good for eight hours (A28), for one package; a client that is blocked
meanwhile goes on downloading until it ends (DOMAIN 5.5). What the store records is as a storage account's resource logs
have it (`StorageRead`), the token left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl

from starlette.responses import Response

from .incoming import Incoming, Refusal, Server, plain
from .network import Identity
from .site import Site
from .tokens import Check, Claims, Invalid, Issuer, KeySet, Validator, issue, lives
from .world import World

CONTENT_TOKEN_LIVES = timedelta(hours=8)
ISSUER = "urn:sccm:content"
STATUS_TEXTS = {
    200: "Success", 403: "AuthenticationFailed", 404: "BlobNotFound", 405: "UnsupportedHttpVerb", 503: "ServerBusy",
}  # fmt: skip
"""What a record calls a status."""


@dataclass(frozen=True)
class Package:
    """Content, and the hash that the site has of what it was meant to be."""

    id: str
    content: bytes = field(repr=False)
    sha256: str

    @staticmethod
    def of(id: str, content: bytes) -> Package:
        """Content that is what it was meant to be."""
        return Package(id, content, hashlib.sha256(content).hexdigest())


CLIENT = Package.of("LAB00001", b"client.msi of the lab\n" * 64)
"""The client's installation package."""


def content_token(world: World, site: Site, package: str) -> str:
    """A content token for a package, from now on."""
    claims = {"iss": ISSUER, "aud": world.names.cloud, "package": package, "tid": site.hierarchy}
    return issue(site.content_key, claims, CONTENT_TOKEN_LIVES, world.clock.now())


@dataclass(frozen=True)
class CloudStoreConfig:
    """The cloud's store.

    Attributes:
        packages: what it has; a package's content may be another than its hash says.
    """

    site: Site
    identity: Identity
    packages: Iterable[Package] = (CLIENT,)


class CloudStore(Server):
    """The store of a content-enabled gateway.

    Attributes:
        packages: what it has, by id.
        fails: it answers nothing but errors.
    """

    def __init__(self, world: World, config: CloudStoreConfig) -> None:
        super().__init__()
        self._world, self._config = world, config
        self.packages = {each.id: each for each in config.packages}
        self.fails = False
        self._reads = world.records(world.names.cloud, "StorageRead")
        self._validator = Validator({ISSUER: Issuer(KeySet.of(config.site.content_key))}, world.names.cloud)

    def start(self) -> None:
        """Serve."""
        self._world.network.serve(self._world.names.cloud, self.app, self._config.identity)

    async def answer(self, incoming: Incoming) -> Response:
        """Give a package to whoever shows a content token for it.

        Raises:
            Refusal: he does not, or it is not there.
        """
        try:
            given = self._given(incoming)
        except Refusal as refusal:
            self._record(incoming, refusal.status)
            raise
        self._record(incoming, given.status_code)
        return given

    def _record(self, incoming: Incoming, status: int) -> None:
        """A read, of what there is to be read: anything else that was sent may be a secret."""
        package = incoming.path.rpartition("/")[2]
        name = package if package in self.packages else "-"
        self._reads.write(
            "GetBlobProperties" if incoming.method == "HEAD" else "GetBlob",
            schemaVersion="1.0",
            statusCode=status,
            statusText=STATUS_TEXTS.get(status, str(status)),
            uri=f"https://{self._world.names.cloud}/content/{name}?token=XXXXX",
            protocol="HTTPS",
            properties={"accountName": self._world.names.cloud.partition(".")[0], "objectKey": f"/content/{name}"},
        )

    def _given(self, incoming: Incoming) -> Response:
        if self.fails:
            raise Refusal(503)
        parts = incoming.path.split("/")
        if not plain(incoming.path) or len(parts) != 3 or parts[1] != "content":
            raise Refusal(404)
        if incoming.method not in {"GET", "HEAD"}:
            raise Refusal(405, Allow="GET, HEAD")
        if not self.token_good(incoming, parts[2]):
            raise Refusal(403)
        package = self.packages.get(parts[2])
        if package is None:
            raise Refusal(404)
        return Response(package.content, media_type="application/octet-stream")

    def token_good(self, incoming: Incoming, package: str) -> bool:
        """The address carries a content token that is good for this package."""
        shown = [value for name, value in parse_qsl(incoming.query) if name == "token"]
        if len(shown) != 1:
            return False
        try:
            claims = self.validate(shown[0])
        except Invalid:
            return False
        return self.package_good(claims, package)

    def validate(self, token: str) -> Claims:
        """The claims of a content token.

        Raises:
            Invalid: it is not good; the first check that failed.
        """
        read = self._validator.read(token)
        issuer = self._validator.issuer_of(read)
        if issuer is None or not self._validator.algorithm_good(read):
            raise Invalid(Check.issuer)
        if not self._validator.signature_good(read, issuer):
            raise Invalid(Check.signature)
        if not self._validator.audience_good(read):
            raise Invalid(Check.audience)
        if not self.lifetime_good(read.claims):
            raise Invalid(Check.lifetime)
        return read.claims

    def lifetime_good(self, claims: Claims) -> bool:
        """It lives (N-17)."""
        return lives(claims, self._world.clock.now())

    def package_good(self, claims: Claims, package: str) -> bool:
        """It is for this package."""
        return claims.get("package") == package
