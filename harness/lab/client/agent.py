"""The client: its device and its components, and what it can be told to do.

Nothing happens by itself and nothing sleeps: :meth:`Client.due` says what is due when, and whoever has the client
lets time pass and runs it. One thing runs at a time, in the order in which it was asked for.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from ..contract import ClientConfig, Observation, Registered, StoredToken, User, Work
from ..world import SYSTEM, World
from .cache import TokenCache
from .ccmsetup import Ccmsetup
from .device import Device, Users
from .means import Means
from .messaging import Messaging
from .outcome import Outcome
from .registration import Registration
from .sts import TokenService
from .transport import Transport
from .wam import Wam

__all__ = ["Client", "Outcome", "Work"]


class Client:
    """One client. Its parts are made from the classes that are named here, so that another may be put in their place.

    Args:
        device: the device of an earlier client on the same computer, which then goes on from what is stored there.

    Attributes:
        users: who is signed in.
        device: stores and disk.
    """

    transport_class = Transport
    wam_class = Wam
    cache_class = TokenCache
    service_class = TokenService
    ccmsetup_class = Ccmsetup
    registration_class = Registration
    messaging_class = Messaging

    def __init__(self, world: World, config: ClientConfig, device: Device | None = None) -> None:
        self.world, self.config = world, config
        self.device = device or Device(world, config)
        self.users = Users()
        logs = world.logs(config.name)
        entra_log = logs.open("CcmAad" if config.version_2107 else "ADALOperationProvider")
        messaging_log, registration_log = logs.open("CcmMessaging"), logs.open("ClientIDManagerStartup")
        self._location_log = logs.open("LocationServices")
        self.transport = self.transport_class(world, config, self.device)
        self.wam = self.wam_class(world, config, self.device, self.users)
        self.cache = self.cache_class(
            self.device.folder / "tokens", self.device.cache_key, world.clock.now, config.cache_protection
        )
        means = Means(world, config, self.device, self.users, self.transport, self.wam, self.cache)
        self.service = self.service_class(means)
        self.ccmsetup = self.ccmsetup_class(means, self.service, logs.open("ccmsetup"))
        self.registration = self.registration_class(means, registration_log, messaging_log, entra_log)
        self.messaging = self.messaging_class(means, self.service, messaging_log, registration_log, entra_log)
        self._one_at_a_time = asyncio.Lock()

    async def run(self, what: Work) -> Outcome:
        """Do one thing, to its end."""
        async with self._one_at_a_time:
            return await self._run(what)

    async def _run(self, what: Work) -> Outcome:
        match what:
            case Work.INSTALL:
                return await self.ccmsetup.attempt()
            case Work.REGISTER:
                return await self.registration.attempt()
            case Work.MESSAGE_SYSTEM:
                return await self.messaging.message(SYSTEM)
            case Work.MESSAGE_USER:
                user = self.users.anyone()
                return Outcome.not_now if user is None else await self.messaging.message(user.sid)
            case Work.REFRESH_SETTINGS:
                return self._refresh_settings()

    def due(self) -> dict[Work, datetime]:
        """What there is to do, and from when on."""
        found = {
            Work.INSTALL: self.ccmsetup.due(),
            Work.REGISTER: self.registration.due(),
            Work.MESSAGE_SYSTEM: self.messaging.due(),
            Work.MESSAGE_USER: self.messaging.user_due(),
            Work.REFRESH_SETTINGS: self.world.clock.now() if self._may_refresh() else None,
        }
        return {what: when for what, when in found.items() if when is not None}

    def be_patient(self, patient: bool) -> None:
        """Say whether ccmsetup tries on after its next failed attempt, whatever /downloadtimeout says (A13)."""
        self.ccmsetup.patient = patient

    def sign_in(self, user: User) -> None:
        """A user signs in."""
        self.users.sign_in(user)

    def sign_out(self, sid: str) -> None:
        """A user signs out."""
        self.users.sign_out(sid)

    def observe(self) -> Observation:
        """What lies in its stores: of each account that it knows the entry that it would send with."""
        known = sorted({SYSTEM, *self.users.sids(), *self.cache.sids()})
        entries = {sid: self.cache.get(sid) for sid in known}
        state = self.device.registration
        return Observation(
            self.device.client_id,
            self.device.signing_key.public_key(),
            {sid: StoredToken(entry.token, entry.expires) for sid, entry in entries.items() if entry is not None},
            installed=self.ccmsetup.installed,
            learnt_properties=self.device.setting("ClientAppId") is not None,
            refreshed_settings=self.transport.refreshed,
            registered=Registered(state["Approval"], state["NewToken"] == "got") if self.device.registered else None,
        )

    def abandon(self) -> None:
        """Wait for no reply any more, as after a timeout: what runs ends, and its reply will be nobody's (T5)."""
        self.transport.abandon()

    def _may_refresh(self) -> bool:
        return self.ccmsetup.installed and not self.transport.refreshed

    def _refresh_settings(self) -> Outcome:
        """The location service's first refresh: the site's word on revocation counts from now on (A17).

        What the site has said came with its site information, during the install.
        """
        if not self._may_refresh():
            return Outcome.not_now
        self._location_log.write("Refreshing security settings over MP")
        self.transport.refresh()
        self._location_log.write("Refreshed security settings over MP")
        return Outcome.done
