"""What a server has to be once it is there, because the others, which may be anybody's too, rely on it.

A promise that is not kept would show at somebody else's first: a gateway that does not enter its certificate, at a
connection point that then takes it for nobody. So each is asked for before anything is sent, and what is missing is
told as the failure of whoever owes it. What a server does with a message is no matter of this: that is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from .asked import Fails, asking
from .contract import AnyClient, AnyConnectionPoint, AnyEntra, AnyManagementPoint, AnyServer
from .device_proof import device_named
from .directory import key_bytes
from .network import Identity, Network, Unreachable
from .site import Site

CONTRACTS: Mapping[str, type[Any]] = {
    "entra": AnyEntra,
    "gateway": AnyServer,
    "connection_point": AnyConnectionPoint,
    "management_point": AnyManagementPoint,
    "cloud": AnyServer,
    "client": AnyClient,
}
"""What says what a component of each place is."""


def _offers(contract: type[Any]) -> tuple[str, ...]:
    """What a contract demands beside being made."""
    return tuple(dict.fromkeys(
        name for each in contract.__mro__ if each not in (Protocol, Generic, object)
        for name in vars(each) if not name.startswith("_")
    ))  # fmt: skip


OFFERS: Mapping[str, tuple[str, ...]] = {place: _offers(contract) for place, contract in CONTRACTS.items()}
"""The names of what a component of each place offers beside being made."""


def offers(place: str, component: Any) -> None:
    """A component, once it is made, has all that one of its place offers.

    Raises:
        Fails: it has not.
    """
    for name in OFFERS[place]:
        with asking(place, name):
            has = hasattr(component, name)
        if not has:
            raise _owes(place, f"has no {name}")
    if place == "management_point" and not hasattr(component.registrations, "outcome"):
        raise _owes(place, "has no registrations.outcome")


def gateway_entered(site: Site, identity: Identity) -> None:
    """The gateway, once it is made, has entered the certificate that it is to show.

    Raises:
        Fails: it has not, and no connection point would know it.
    """
    if site.gateway_certificate != identity.certificate:
        raise _owes("gateway", "has not entered config.identity's certificate as site.gateway_certificate")


def connection_point_entered(site: Site, host: str, role: Identity) -> None:
    """A connection point, once it is made, has entered its role's certificate.

    Raises:
        Fails: it has not, and the gateway would not know its channel.
    """
    if site.connection_points.get(host) != role.certificate:
        raise _owes(
            "connection_point", f"has not entered config.role's certificate as site.connection_points[{host!r}]"
        )


def serves(network: Network, place: str, host: str, identity: Identity | None) -> None:
    """A server, once it is started, is there under its host's name, and shows what it has been given to show.

    Raises:
        Fails: it is not, or shows something else.
    """
    try:
        shown = network.identity_of(host)
    except Unreachable as error:
        raise _owes(place, f"does not serve under {host} once its start() is over") from error
    if (shown.certificate if shown else None) != (identity.certificate if identity else None):
        said = "shows another certificate than its configuration's" if identity else "shows a certificate, and has none"
        raise _owes(place, f"{said if shown else 'shows no certificate'} under {host}")
    if place == "gateway" and not network.takes_channels(host):
        raise _owes(place, "takes no channels: its serve() has no on_channel")


def has_channel(point: Any, host: str) -> None:
    """A connection point, once it has opened its channel, has one.

    Raises:
        Fails: it has not, and does not say so.
    """
    with asking("connection_point", "channel"):
        has = getattr(point.channel, "open", False) is True
    if not has:
        raise _owes("connection_point", f"has no open channel at {host} once its open_channel() is over")


def device_joined(chain: object, devices: Mapping[str, object], key: ec.EllipticCurvePublicKey) -> str:
    """The device that Entra has joined: by the certificate that it gives for the device's key.

    Raises:
        Fails: it gives none, or one of another key, or of a device that is not in its directory.
    """
    certificate = chain[0] if isinstance(chain, (list, tuple)) and chain else None
    if not isinstance(certificate, x509.Certificate):
        raise _owes("entra", "gives no certificates by join_device()")
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or key_bytes(public) != key_bytes(key):
        raise _owes("entra", "gives a certificate of another key by join_device()")
    device = device_named(certificate)
    if device not in devices:
        raise _owes(
            "entra", f"gives a certificate by join_device() that names {device!r}, which directory.devices has not"
        )
    return device


def _owes(place: str, what: str) -> Fails:
    return Fails(f"the {place.replace('_', ' ')} {what} (see ADAPTERS.md)")
