"""Runs of the client whose logs say something: what is done to the town, what is run, and what is to be read there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ccmproof.harness.lab.client import Direct, Join, Work
from ccmproof.harness.lab.trust import Trust

from .fakes import Town

EVERYTHING = (Work.INSTALL, Work.REGISTER, Work.MESSAGE_SYSTEM)


@dataclass(frozen=True)
class Story:
    """What is to be read: the verdict, and the cause that is named first; none where all is well."""

    name: str
    tell: Callable[[Town], None]
    causes: tuple[str, ...] = ()
    verdict: str = "stalled"
    too: tuple[str, ...] = ()


def do(town: Town, *works: Work, apart: float = 40) -> None:
    for work in works:
        town.do(work)
        town.wait(seconds=apart)


def succeeds(town: Town) -> None:
    do(town, Work.INSTALL, Work.REGISTER, Work.REFRESH_SETTINGS, Work.MESSAGE_SYSTEM)


def renews(town: Town) -> None:
    succeeds(town)
    town.wait(hours=9)
    do(town, Work.MESSAGE_SYSTEM)


def users_renewal(town: Town) -> None:
    succeeds(town)
    town.sign_in()
    do(town, Work.MESSAGE_USER)
    town.wait(hours=9)
    do(town, Work.MESSAGE_USER)


def user_fallback(town: Town) -> None:
    town.refuse_device_tokens()
    town.sign_in()
    do(town, *EVERYTHING)


def from_the_management_point(town: Town) -> None:
    town.site.in_cloud = False
    do(town, *EVERYTHING)


def second_attempt(town: Town) -> None:
    town.world.network.cut(town.world.names.cmg)
    do(town, Work.INSTALL)
    town.world.network.mend(town.world.names.cmg)
    town.wait(minutes=10)
    do(town, *EVERYTHING)


def download_gets_new_token(town: Town) -> None:
    town.site.in_cloud = False
    town.site.answers["download"] = [401]
    do(town, *EVERYTHING)


def nocrlcheck(town: Town) -> None:
    town.world.network.cut(town.world.names.crl)
    town.configure(no_crl_check=True)
    do(town, *EVERYTHING)


def properties_given(town: Town) -> None:
    town.configure(client_app=town.world.names.client_app, resource=town.world.names.resource)
    do(town, *EVERYTHING)


def pending(town: Town) -> None:
    town.site.answers["ClientRegistration"] = [{"Status": 1}, {"Status": 1}]
    do(town, Work.INSTALL, Work.REGISTER, Work.REGISTER, Work.REGISTER, Work.MESSAGE_SYSTEM)


def resend(town: Town) -> None:
    town.site.answers["ClientRegistration"] = [{"Status": 2}]
    do(town, Work.INSTALL, Work.REGISTER, Work.REGISTER, Work.MESSAGE_SYSTEM)


def installs_as_pki(town: Town) -> None:
    town.site.approval = 2
    town.configure(certificates=(town.certificate(),))
    do(town, *EVERYTHING)


def root_missing(town: Town) -> None:
    town.configure(roots=(town.public.certificate,))
    do(town, Work.INSTALL)


def crl_unreachable(town: Town) -> None:
    town.world.network.cut(town.world.names.crl)
    do(town, Work.INSTALL)


def revoked(town: Town) -> None:
    town.corporate.revoke(town.site.identity.certificate)
    town.corporate.publish()
    do(town, Work.INSTALL)


def other_name(town: Town) -> None:
    town.site.identity = town.corporate.issue("x", hosts=["x.example"])
    town.site.start(Trust([town.corporate.certificate]))
    do(town, Work.INSTALL)


def goes_dark(town: Town) -> None:
    town.world.network.cut(town.world.names.crl)
    town.configure(no_crl_check=True)
    succeeds(town)


def not_joined(town: Town) -> None:
    town.configure(join=Join.not_joined, wpj=None)
    do(town, Work.INSTALL)


def wpj_missing(town: Town) -> None:
    town.configure(wpj=None)
    do(town, Work.INSTALL)


def key_lost(town: Town) -> None:
    town.configure(wpj_key_usable=False)
    do(town, Work.INSTALL)


def not_onboarded(town: Town) -> None:
    town.site.always["aad_info"] = 404
    do(town, Work.INSTALL)


def nobody_there(town: Town) -> None:
    town.refuse_device_tokens()
    do(town, Work.INSTALL)


def old_windows(town: Town) -> None:
    town.configure(old_windows=True)
    do(town, Work.INSTALL)


def conditional_access(town: Town) -> None:
    town.refuse_device_tokens()
    town.app().blocked = True
    town.sign_in()
    do(town, Work.INSTALL)


def entra_out(town: Town) -> None:
    town.world.network.cut(town.world.names.entra)
    do(town, Work.INSTALL)


def gateway_refuses(town: Town) -> None:
    town.site.always["sts"] = 401
    do(town, Work.INSTALL)


def bad_hash(town: Town) -> None:
    town.site.content = b"something else"
    do(town, Work.INSTALL)


def rejected(town: Town) -> None:
    town.site.always["ClientRegistration"] = (401, {"Status": 3})
    do(town, Work.INSTALL, Work.REGISTER)


def not_stored(town: Town) -> None:
    town.configure(state_persists=False)
    do(town, Work.INSTALL, Work.REGISTER)


def not_approved(town: Town) -> None:
    town.site.approval = 0
    do(town, Work.INSTALL, Work.REGISTER)


def renewal_fails(town: Town) -> None:
    succeeds(town)
    town.entra.directory.disable_device(town.device_id)
    town.wait(hours=9)
    do(town, Work.MESSAGE_SYSTEM)


def by_windows(town: Town) -> None:
    direct = Direct(town.world.names.management_point, (town.corporate.certificate,), lambda: "ticket")
    town.configure(join=Join.hybrid, direct=direct)
    do(town, Work.INSTALL)
    town.refuse_device_tokens()
    town.site.approval = 1
    town.wait(hours=2)
    do(town, Work.REGISTER)


GOOD = [
    succeeds, renews, users_renewal, user_fallback, from_the_management_point, second_attempt,
    download_gets_new_token, nocrlcheck, properties_given, resend, pending,
]  # fmt: skip
STORIES = [
    *(Story(tell.__name__, tell, verdict="conforms") for tell in GOOD),
    Story("by_windows", by_windows, verdict="conforms", too=("stalled",)),
    Story("installs_as_pki", installs_as_pki, ("PKI path",), "other workflow", ("conforms",)),
    Story("root_missing", root_missing, ("root CA",)),
    Story("crl_unreachable", crl_unreachable, ("CRL",)),
    Story("revoked", revoked, ("certificate revoked",)),
    Story("other_name", other_name, ("certificate name",)),
    Story("goes_dark", goes_dark, ("CRL after the install",)),
    Story("not_joined", not_joined, ("WPJ",), too=("unknown",)),
    Story("wpj_missing", wpj_missing, ("WPJ",)),
    Story("key_lost", key_lost, ("device key",)),
    Story("not_onboarded", not_onboarded, ("tenant",)),
    Story("nobody_there", nobody_there, ("nobody signed in", "server app", "device key")),
    Story("old_windows", old_windows, ("old Windows",)),
    Story("conditional_access", conditional_access, ("Conditional Access",)),
    Story("entra_out", entra_out, ("Entra out of reach",)),
    Story("gateway_refuses", gateway_refuses, ("gateway refuses the token",)),
    Story("bad_hash", bad_hash, ("content hash",)),
    Story("rejected", rejected, ("registration rejected",)),
    Story("not_stored", not_stored, ("registration not stored",)),
    Story("not_approved", not_approved, ("approval",)),
    Story("renewal_fails", renewal_fails, ("renewal", "nobody signed in")),
]


def told(story: Story, folder: Path) -> Town:
    """The town after a story."""
    town = Town(folder)
    story.tell(town)
    return town
