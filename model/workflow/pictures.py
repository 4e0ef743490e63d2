"""The document's pictures: the installation (G1) and the registration (G2); and the renewal, told in the same way.

What stands here says which runs of the model belong together in a picture, and what each is called; their steps are the
model's own.
"""

from __future__ import annotations

from ccmproof.model.picture import Picture, Way
from ccmproof.model.scenario import Scenario

from .hosts import ADMINISTRATOR, CLIENT, CLOUD, CMG, CP, DATABASE, ENTRA, MP
from .scenarios import HEALTHY

SITE = Scenario("a healthy site", "One site and one device on which everything is as it should be", pins=HEALTHY)
LANES = (ENTRA, CLIENT, CMG, CP, MP, DATABASE, ADMINISTRATOR, CLOUD)

NO_DEVICE_TOKEN = {"device_app": "not_enabled"}
NO_ENTRA_TOKEN = {**NO_DEVICE_TOKEN, "conditional_access": "blocks"}
FAILED = ("ccmsetup is attempt_failed",)
DEVICE, USER = "the device token can be had", "the device token request fails: the user's token"

INSTALL = Picture(
    "install",
    "Workflow of CcmSetup with Microsoft Entra authentication",
    "I",
    "G1",
    SITE,
    goals=("ccmsetup is installed",),
    lanes=LANES,
    phase=("ccmsetup",),
    ways=(
        Way("with the device token"),
        Way("the command line gives the Entra properties",
            "the command line does not give the Entra properties: ccmsetup asks the CMG for them",
            {"properties_given": "yes"}),
        Way(USER, DEVICE, NO_DEVICE_TOKEN),
        Way("the content is not in the cloud: from the management point, through the CMG",
            "the content is in the cloud", {"content_in_cloud": "no"}),
        Way("a valid PKI client certificate is preferred: it goes on as a PKI client, without any Entra step",
            sets={"pki": "valid"}, goals=("ccmsetup is locating",)),
        Way("the CMG's certificate is of a PKI whose root is not on the device",
            sets={"cmg_certificate": "pki", "root": "missing"}, goals=FAILED),
        Way("no revocation list is in hand, and /NoCRLCheck was not given", sets={"crl": "unreachable"}, goals=FAILED),
        Way("the tenant is not onboarded", sets={"tenant": "not_onboarded"}, goals=FAILED),
        Way("neither token can be had: the app is not enabled, and a policy is in the way", sets=NO_ENTRA_TOKEN,
            goals=FAILED),
        Way("the workplace-join certificate is not found", sets={"wpj": "absent"}, goals=FAILED),
    ),
)  # fmt: skip

REGISTERED = ("registration is registered and registration.approval is 3", "new_token is got")
LATER = ("ccmsetup is installed", "wam.device.life is expired")
"""Installed, and some time has passed: the device's Entra token of the installation is over."""
LATER_FOR_THE_USER = ("ccmsetup is installed", "wam.user.life is expired")

REGISTRATION = Picture(
    "registration",
    "Workflow of client registration with Microsoft Entra authentication",
    "R",
    "G2",
    SITE,
    before=LATER,
    goals=REGISTERED,
    lanes=LANES,
    phase=("registration", "messaging", "reply.outcome"),
    ways=(
        Way("with the device token, registered at once"),
        Way(USER, DEVICE, NO_DEVICE_TOKEN, before=LATER_FOR_THE_USER),
        Way("it is left pending: the client asks again, once the site has confirmed it",
            "the client is registered at once", goals=("registration is pending", *REGISTERED)),
        Way("the management point does not take the proof: a user's token, on enhanced HTTP",
            sets={**NO_DEVICE_TOKEN, "mp_mode": "ehttp"}, before=LATER_FOR_THE_USER,
            goals=("registration is waiting", "reply.outcome is rejected", "registration is attempt_failed")),
        Way("neither token can be had: it goes on with a valid PKI certificate, to another approval",
            sets={**NO_ENTRA_TOKEN, "properties_given": "yes", "pki": "valid"}, before=("ccmsetup is installed",),
            goals=("registration.proof is certificate",)),
    ),
)  # fmt: skip

WITH_TOKEN = "new_token is got"
ENDING = (WITH_TOKEN, "cache.system.life is near_expiry")
SYSTEM_SENDS, USER_SENDS = (f"messaging is sending and message.account is {each}" for each in ("system", "user"))
ANSWERED = ("messaging is waiting_for_reply", "reply.status is ok", "messaging is idle")

RENEWAL = Picture(
    "renewal",
    "Renewal of the CCM token",
    "T",
    "",
    SITE,
    before=ENDING,
    goals=(SYSTEM_SENDS, *ANSWERED),
    lanes=LANES,
    phase=("messaging",),
    ways=(
        Way("the token is close to expiry"),
        Way("the token is expired", before=(WITH_TOKEN, "cache.system.life is expired")),
        Way("a message of the user's own account", "a message of SYSTEM's",
            before=(WITH_TOKEN, "cache.user.life is near_expiry and messaging is idle"),
            goals=(USER_SENDS, *ANSWERED)),
        Way("the cached token is alive, and not close to expiry",
            "the cached token is expired or close to expiry: a new one first", before=(WITH_TOKEN,)),
        Way("the site refuses a token that the client thinks alive: its signing key was renewed",
            sets={"administrator_acts": "on"}, before=(WITH_TOKEN, "cache.system.signer is retired"),
            goals=(SYSTEM_SENDS, "messaging is waiting_for_reply", "reply.status is 401",
                   "messaging is attempt_failed")),
        Way("no Entra token can be had: the device was disabled in Entra",
            sets={"entra_disables": "on"}, before=(*ENDING, "device_identity is disabled"),
            goals=(SYSTEM_SENDS, "messaging is attempt_failed")),
    ),
)  # fmt: skip

PICTURES = {each.name: each for each in (INSTALL, REGISTRATION, RENEWAL)}
"""The pictures by name."""
