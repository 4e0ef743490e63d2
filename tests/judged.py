"""What each shipped change breaks, repairs and leaves vacuous, as a person judges it, and where the tool differs.

Of C1 to C38 that is the domain's table (13.5), which was there before the tool. Of the others it is what follows from
the document and the facts; the rows of `give-up-at-once`, `one-token-for-all-accounts` and `signed-in-user-first` were
completed once the tool had shown more than was seen. Where the tool finds something else :data:`DIFFERS` and
:data:`ALSO` say why, by the shortest run.
"""

from __future__ import annotations

from dataclasses import dataclass

CHECKS = ("SEC-05a", "SEC-06", "SEC-07", "SEC-09")


@dataclass(frozen=True)
class Row:
    """The judgement of one change, over the scenarios that its file names.

    Attributes:
        breaks, repairs, vacuous: what becomes of which properties.
        keeps: what must not be reported as broken: the tempting false alarms.
    """

    breaks: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    vacuous: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()


def row(breaks: str = "", *, repairs: str = "", vacuous: str = "", keeps: str = "") -> Row:
    return Row(*(_opened(each) for each in (breaks, repairs, vacuous, keeps)))


def _opened(names: str) -> tuple[str, ...]:
    """The IDs; ``*.cmg`` are the four checks of a token at the CMG, and so for ``.cp`` and ``.mp``."""
    return tuple(
        f"{check}{name[1:]}" if name.startswith("*.") else name
        for name in names.split()
        for check in (CHECKS if name.startswith("*.") else ("",))
    )


AT_MP = "SEC-08 N-07 N-01 SEC-14 SEC-05b S-03 *.mp"
AT_CMG = "SEC-04 *.cmg"

JUDGED: dict[str, Row] = {
    "c01-drop-user-fallback": row("L-02 L-19", vacuous="S-05 S-26 N-12 SEC-05b", keeps="S-01 S-06 L-01 L-03 L-05"),
    "c03-cmg-forwards-all": row(AT_CMG, keeps="*.cp *.mp SEC-08 N-01 N-07 SEC-14 SEC-24 S-12a S-12b"),
    "c03-cmg-forwards-all-alone": row(f"{AT_CMG} *.cp", keeps="*.mp SEC-08 N-01 N-07 SEC-24 S-12a S-12b"),
    "c04-mp-trusts-cmg": row(AT_MP, keeps="SEC-04 *.cmg *.cp"),
    "c04-mp-trusts-cmg-alone": row(AT_MP, keeps="SEC-04 *.cmg *.cp"),
    "c05-cmg-and-mp-trust-each-other": row(f"{AT_MP} {AT_CMG}", keeps="*.cp SEC-11 SEC-12"),
    "c05-cmg-and-mp-trust-each-other-alone": row(f"{AT_MP} {AT_CMG} *.cp", keeps="SEC-11 SEC-12"),
    "c06-token-lives-a-day": row("S-18 SEC-15a SEC-15b N-13", keeps="SEC-17b L-16 L-18 N-18 S-20 S-36 *.cmg *.cp *.mp"),
    "c09-renew-at-half-life": row(keeps="L-16 N-18 SEC-15a SEC-15b *.mp L-18"),
    "c09-renew-at-half-life-old-token-used": row(keeps="L-16 N-18 SEC-15a SEC-15b *.mp L-18 L-18o"),
    "c10-always-close-to-expiry": row("L-16 N-18", vacuous="L-18", keeps="L-05 L-13 S-02 *.cmg *.cp *.mp N-01"),
    "c10-always-close-to-expiry-looked-at-again": row(
        "L-16 N-18 L-05 L-13", vacuous="L-18", keeps="S-02 *.cmg *.cp *.mp N-01"
    ),
    "c11-renew-with-ccm-token": row(
        "S-01w SEC-08 SEC-15a SEC-15b N-13 L-05", repairs="L-18o", keeps="S-20 S-02 *.mp L-16"
    ),
    "c11-renew-with-ccm-token-or-entra": row(
        "S-01w SEC-08 SEC-15a SEC-15b N-13", repairs="L-18o", keeps="S-20 S-02 *.mp L-05 L-16"
    ),
    "c12-plain-cache": row("SEC-11 SEC-21b", keeps="*.mp SEC-14"),
    "c15-any-onboarded-tenant": row("SEC-05b S-03", repairs="L-02 L-19", keeps="SEC-14 S-12a S-12b *.cmg *.cp *.mp"),
    "c18-never-check-crl": row("SEC-03s N-08 SEC-02b", repairs="L-12", keeps="SEC-01 SEC-03 L-13"),
    "c18-no-crl-check-by-default": row("SEC-03s N-08", vacuous="SEC-02a SEC-02b L-12", keeps="SEC-01 SEC-03 L-13"),
    "c19-keep-nocrlcheck": row("SEC-02b", repairs="L-12", keeps="SEC-01 SEC-02a SEC-03 L-13"),
    "c25-approve-all": row("SEC-13 SEC-14", keeps="S-12a S-12b N-07 SEC-24"),
    "c30-keep-install-token": row("S-15", keeps="S-02 S-02m *.mp S-20"),
    "c38-second-connection-point": row(repairs="L-11"),
    "accept-former-signing-key": row("SEC-04 N-01 SEC-09.cmg SEC-09.cp SEC-09.mp", repairs="N-03", keeps="SEC-07.mp"),
    "ask-entra-at-every-exchange": row(keeps="SEC-15a SEC-15b SEC-15u N-11"),
    "bind-token-to-key": row(repairs="SEC-21b", keeps="N-01 N-08 S-02"),
    "block-ends-content": row(repairs="SEC-17c", keeps="SEC-17b"),
    "drop-token-on-401": row(repairs="N-03", keeps="S-15 S-02m"),
    "give-up-at-once": row("L-01 L-02 L-04 L-07 L-10 L-20 L-21 N-05", keeps="S-09 S-11 L-05 L-09"),
    "one-token-for-all-accounts": row("S-02m S-19 S-20", keeps="S-02 *.mp N-01 L-05"),
    "signed-in-user-first": row("S-05 L-01", keeps="S-01 S-06 *.mp"),
    "soft-fail-crl": row("SEC-02a SEC-03s N-08", repairs="L-12", keeps="SEC-01 SEC-02b SEC-03"),
    "sts-ignores-block": row(keeps="SEC-17a SEC-17b N-10 N-01"),
    "users-register-on-enhanced-http": row(keeps="S-26 S-12a S-12b N-07"),
}

OUTSIDE = "it held where the suite does not promise it: "
ANEW = "what it speaks of begins with the change: it fails where nothing was spoken of before, which breaks nothing"
DARK = "clients that the CRL kept out are in, and among them those that it speaks of"

DIFFERS: dict[tuple[str, str], str] = {
    ("c01-drop-user-fallback", "L-19"): "it speaks of clients that fell back: there is none any more, so it is vacuous",
    ("c01-drop-user-fallback", "N-12"): "a message of the user's own account still asks for the user's token",
    ("c01-drop-user-fallback", "SEC-05b"): "a message of the user's own account still asks for the user's token",
    ("c03-cmg-forwards-all-alone", "SEC-07.cp"): "with no check at the connection point a token may die on its way"
    " there: it failed already wherever it was spoken of",
    ("c05-cmg-and-mp-trust-each-other", "S-03"): "no scenario of it has a client with a user; C4 shows it",
    ("c05-cmg-and-mp-trust-each-other-alone", "S-03"): "no scenario of it has a client with a user; C4 shows it",
    ("c05-cmg-and-mp-trust-each-other-alone", "SEC-07.cp"): "as in C3",
    ("c06-token-lives-a-day", "N-13"): "every acceptor looks at the tenant of every token (X3), so that a longer life"
    " moves nothing: 25 h before and after",
    ("c11-renew-with-ccm-token", "SEC-15b"): "content is asked for during the installation alone, before any renewal",
    ("c11-renew-with-ccm-token", "N-13"): "as in C6: a token of a tenant that is turned off is refused, however fresh",
    ("c11-renew-with-ccm-token-or-entra", "SEC-15b"): "as above",
    ("c11-renew-with-ccm-token-or-entra", "N-13"): "as above",
    ("c12-plain-cache", "SEC-21b"): ANEW,
    ("c15-any-onboarded-tenant", "L-02"): "its premise names a user of the device's own tenant; what the others gain"
    " are the environments in which registration can be reached",
    ("c15-any-onboarded-tenant", "L-19"): "the same",
    ("c18-never-check-crl", "N-08"): ANEW,
    ("c18-no-crl-check-by-default", "N-08"): ANEW,
    (
        "c18-no-crl-check-by-default",
        "L-12",
    ): "it speaks of clients that used the switch: pinned to no before the change, there are none on either side",
    ("soft-fail-crl", "N-08"): ANEW,
}
"""What the judgement says, and the tool does not find: by the change and the property, and why."""

ALSO: dict[tuple[str, str], str] = {
    (
        "ask-entra-at-every-exchange",
        "S-117.c",
    ): "a user, or a device, that Entra no more vouches for is refused"
    " as one who is not discovered: who reads the refusal is told another reason than it has",
    (
        "bind-token-to-key",
        "S-117.g",
    ): "a call is refused for one reason more, which is what it is for, and in the same words",
    (
        "one-token-for-all-accounts",
        "S-115.d",
    ): "where no time passes the only token that is asked for later is"
    " the user's own, and nobody asks for that any more",
    (
        "signed-in-user-first",
        "S-115.d",
    ): "the user whose token would be refused later is asked for at once: no"
    " client of his is installed, to fail at a renewal",
    **{
        (name + alone, "S-116.d"): "the CMG has no way on for what it would not have admitted"
        for name in ("c03-cmg-forwards-all", "c05-cmg-and-mp-trust-each-other")
        for alone in ("", "-alone")
    },
    **{
        ("c04-mp-trusts-cmg" + alone, name): "a site that takes any token refuses none"
        for alone in ("", "-alone")
        for name in ("S-117.b", "S-117.g")
    },
    ("one-token-for-all-accounts", "S-66"): "a message of the user's finds no entry of the user's",
    ("one-token-for-all-accounts", "S-65"): "there is no entry of the user's to speak of",
    ("c01-drop-user-fallback", "L-19"): "see above",
    ("c01-drop-user-fallback", "R-02"): "it asks for exactly what is dropped",
    ("c01-drop-user-fallback", "R-08"): "it asks for exactly what is dropped",
    ("c01-drop-user-fallback", "S-16c"): "a weakness of clients that registered by the fallback",
    ("c01-drop-user-fallback", "S-03"): "SYSTEM no more gets the token of a user of another tenant",
    ("c03-cmg-forwards-all-alone", "SEC-14"): OUTSIDE + "a forged token opens the gateway for a registration that"
    " nothing proves, where the hierarchy approves all of them",
    ("c04-mp-trusts-cmg", "N-06"): "a token that is not looked at proves anybody's ClientID",
    ("c04-mp-trusts-cmg-alone", "N-06"): "a token that is not looked at proves anybody's ClientID",
    ("c04-mp-trusts-cmg-alone", "SEC-21b"): "a stolen token serves after its death, too",
    ("c04-mp-trusts-cmg-alone", "N-08"): "a captured token serves after its death, too",
    ("c05-cmg-and-mp-trust-each-other", "N-06"): "as in C4",
    ("c05-cmg-and-mp-trust-each-other-alone", "N-06"): "as in C4",
    ("c05-cmg-and-mp-trust-each-other-alone", "SEC-21b"): "as in C4",
    ("c05-cmg-and-mp-trust-each-other-alone", "N-08"): "as in C4",
    ("c10-always-close-to-expiry-looked-at-again", "R-05"): "no message is ever sent with a token: a livelock",
    ("c10-always-close-to-expiry-looked-at-again", "R-06"): "the same",
    ("c10-always-close-to-expiry-looked-at-again", "S-02m"): "the same",
    ("c10-always-close-to-expiry-looked-at-again", "S-19"): "the same",
    ("c10-always-close-to-expiry-looked-at-again", "S-36"): "the same",
    ("c10-always-close-to-expiry-looked-at-again", "S-15"): "the same",
    ("c11-renew-with-ccm-token", "S-91.messaging"): "it adds a way to fail: what it would renew with has died",
    ("c11-renew-with-ccm-token", "L-13"): "as L-05: once the token has died nothing renews it",
    ("c18-never-check-crl", "S-39"): "it says the same of the bootstrap as SEC-02b of what follows",
    ("c18-never-check-crl", "SEC-02a"): "it speaks of checks that are no more made",
    ("c18-never-check-crl", "S-56"): "so does it",
    ("c18-no-crl-check-by-default", "S-56"): "it speaks of checks that are no more made",
    ("c18-never-check-crl", "S-16c"): "clients that went dark while they waited to try again",
    ("c19-keep-nocrlcheck", "S-16c"): "clients that went dark while they waited to try again",
    ("c30-keep-install-token", "S-36"): "R4.0 in other words: no message before a new token",
    ("c30-keep-install-token", "S-37"): "it speaks of the request that is dropped",
    ("soft-fail-crl", "S-16c"): "clients that went dark while they waited to try again",
    ("users-register-on-enhanced-http", "S-03"): OUTSIDE + "with the token of another onboarded tenant, as on HTTPS",
    ("users-register-on-enhanced-http", "SEC-05b"): "the same",
    ("signed-in-user-first", "S-03"): OUTSIDE + "the token of a user of another onboarded tenant goes out first",
    ("signed-in-user-first", "S-16c"): "a client with a certificate whose user is given no token registers by the"
    " certificate, where it did by Entra",
    ("signed-in-user-first", "SEC-05b"): "on enhanced HTTP, which takes no user's registration, a client that was"
    " installed with its certificate no more registers by Entra, so that no message of the user's goes out",
    **{
        ("signed-in-user-first", name): "where a user's token is not given or not taken, and one is signed in, the"
        " device's is no more asked for"
        for name in ("L-05", "L-07", "L-08", "L-10", "L-13", "L-21", "N-15")
    },
    (
        "one-token-for-all-accounts",
        "S-18e",
    ): "T5 in other words: a renewal replaces the entry of the account that asked",
    ("one-token-for-all-accounts", "S-93d"): "the token for a message of the user's is got with the device's first",
    ("one-token-for-all-accounts", "S-101"): "what was brought to the user is kept as SYSTEM's",
    (
        "one-token-for-all-accounts",
        "S-99",
    ): "the old token that a message of the user's is sent with is SYSTEM's, and the claim looks at the user's",
    ("one-token-for-all-accounts", "S-91.messaging"): "the same: with SYSTEM's token it goes on where it would fail",
    ("one-token-for-all-accounts", "N-14"): "a message of the user's account is sent with another token than it says",
    ("one-token-for-all-accounts", "S-03"): "no more a token of a user of another tenant on a message of the user's",
}
"""What the tool finds, and the judgement does not say: by the change and the property, and why it is so."""
