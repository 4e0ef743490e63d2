"""What can happen in which environment, said in closed form: there, and nowhere else.

Each line says in the words of :mod:`.places` where an event of the install, the registration or the messages can
happen. The words are written from the statements that a line cites and not from the rows of the model, so that a row
which asks for too much is told as well as one which asks for too little.

They are asked in `any-environment`: no faults, nobody who comes and goes, nobody who means ill.
"""

from __future__ import annotations

from .places import WORDS
from .property import Property, Severity

CONCERN = "Reach"
WHERE = ("any-environment",)

FOR_CCMSETUP = "ccmsetup is getting_entra_token"
AT_STS = "ccmsetup is waiting_for_sts"
LIVE_AT_STS = f"{AT_STS} and request.life is live"
AT_REGISTRATION = "registration is waiting"
BY_LIVE_TOKEN = f"{AT_REGISTRATION} and registration.proof is entra and request.life is live"
BY_CERTIFICATE = f"{AT_REGISTRATION} and registration.proof is certificate"
AS_SYSTEM, AS_USER = "message.account is system", "message.account is user"
"""Whose event it is, where several components have it."""


def can(
    identifier: str,
    claim: str,
    cites: str,
    on: str,
    where: str,
    then: str = "true",
    severity: Severity = Severity.MEDIUM,
) -> Property:
    """An event can happen, where ``then`` holds before it, in exactly the environments in which ``where`` does."""
    return Property(
        identifier, CONCERN, claim, cites, on=(on,), then=then, possible=True, exactly=where, words=WORDS,
        asked_in=WHERE, severity=severity,
    )  # fmt: skip


PROPERTIES: tuple[Property, ...] = (
    # The connection.
    can("E-01", "The client connects where it has something to send, the certificate is good, and the CRL or a"
        " switch lets it", "I1.5 I1.7 X2", "tls_succeeds", "has_something_to_send and connects",
        severity=Severity.HIGH),
    can("E-02", "Revocation is checked where neither /NoCRLCheck nor the site's option turns it off, or later"
        " where the option is on", "I1.7 I1.8 K2 A17", "enable_revocation_check",
        "has_something_to_send and checked_at_first or installs and site_option is on"),
    can("E-03", "The missing root is what a connection fails of where a PKI issued the certificate",
        "I1.5 I1.6 K1", "tls_root_is_not_trusted",
        "has_something_to_send and cmg_certificate is pki and root is missing"),
    can("E-04", "A wrong name ends a connection", "I1.5", "tls_name_does_not_match",
        "has_something_to_send and cmg_name is mismatch"),
    can("E-05", "A certificate past its date ends a connection", "I1.5", "tls_date_is_not_valid",
        "has_something_to_send and cmg_date is expired"),
    can("E-06", "Where revocation is checked, a CRL that is not to be had or has the certificate ends a"
        " connection", "I1.7 K2 A35", "tls_revocation_check_fails",
        "(has_something_to_send and checked_at_first or installs and site_option is on) and not crl_lets_it"),
    # The Entra properties.
    can("E-10", "With a valid certificate the client is installed by PKI", "I2.4 A11",
        "ccmsetup_takes_pki_certificate", "pki_client"),
    can("E-11", "A device that is not joined has no tenant to name", "I1.2 D1 K3", "ccmsetup_finds_no_tenant",
        "not pki_client and properties_given is no and not joined"),
    can("E-12", "The CMG is asked for the Entra properties where they are not given", "I1.1 I1.2",
        "ccmsetup_asks_the_cmg", "asks_the_cmg"),
    can("E-13", "ccmsetup goes on with properties that it was given, or had from the CMG", "I1.1 I2.0",
        "ccmsetup_has_entra_properties", "not pki_client and knows_the_app"),
    can("E-14", "The CMG gives the properties of a tenant that is onboarded and enabled", "I1.2 I1.3",
        "cmg_gives_entra_properties", "asks_the_cmg and connects and tenant is onboarded"),
    can("E-15", "The CMG withholds the properties of any other tenant", "I1.3",
        "cmg_withholds_entra_properties", "asks_the_cmg and connects and tenant is not onboarded"),
    # The Entra token.
    can("E-20", "Without the WPJ certificate and its key no token is asked for", "D2 D3 K3",
        "device_key_is_not_there", "not pki_client and knows_the_app and not has_key",
        FOR_CCMSETUP),
    can("E-21", "A device token is asked for first", "I2.0 I2.1", "ask_for_device_token",
        "asks_entra and os is ok", FOR_CCMSETUP),
    can("E-22", "An old Windows cannot ask for a device token", "I2.1 I2.2", "windows_lacks_device_token_api",
        "asks_entra and os is old", FOR_CCMSETUP),
    can("E-23", "Entra issues a device token where the server app takes them", "I2.1",
        "entra_issues_device_token", "by_device", FOR_CCMSETUP),
    can("E-24", "Entra refuses a device token where the server app does not take them", "I2.2",
        "entra_refuses_device_token", "asks_entra and os is ok and device_app is not_enabled",
        FOR_CCMSETUP),
    can("E-25", "After it a user's token is asked for, if somebody is signed in", "I2.2 I2.5",
        "ask_for_user_token", "falls_back and somebody", FOR_CCMSETUP),
    can("E-26", "With nobody signed in the fallback ends", "I2.3", "no_user_is_signed_in",
        "falls_back and not somebody", FOR_CCMSETUP),
    can("E-27", "Entra issues a user's token where Conditional Access excludes the app", "I2.2",
        "entra_issues_user_token", "by_user", FOR_CCMSETUP),
    can("E-28", "Entra refuses a user's token where Conditional Access blocks", "I2.3",
        "entra_refuses_user_token", "falls_back and somebody and conditional_access is blocks",
        FOR_CCMSETUP),
    can("E-29", "With neither token the attempt ends", "I2.3 D3", "ccmsetup_attempt_fails",
        "not pki_client and knows_the_app and not has_entra_token"),
    # Another attempt asks again while the token is alive; where none fails after it was had, none does.
    can("E-30", "WAM serves a device token that it has", "I2.1 A25", "wam_serves_cached_device_token",
        "by_device and not installs", FOR_CCMSETUP),
    can("E-31", "WAM serves a user's token that it has", "I2.2 A25", "wam_serves_cached_user_token",
        "by_user and not installs", FOR_CCMSETUP),
    # The CCM token, hop by hop.
    can("E-40", "With an Entra token and a connection CCM_STS is asked", "I3.0 I3.1 D3",
        "ccmsetup_sends_sts_request", "asks_sts"),
    can("E-41", "The CMG refuses a live token of a tenant that is not onboarded", "X3 I1.3",
        "cmg_refuses_credential", "asks_sts and not tenant_is_good",
        LIVE_AT_STS),
    can("E-42", "A plain HTTP management point cannot be reached through the CMG", "X1 A16",
        "cmg_has_no_way_on", "admitted and not published", AT_STS),
    can("E-43", "The CMG forwards what it admits", "I3.2", "cmg_forwards_request", "admitted and published",
        AT_STS),
    can("E-44", "A second connection point is a second way", "I3.2", "cmg_forwards_request_to_second",
        "admitted and published and cp_count is 2", AT_STS),
    can("E-45", "The connection point rewrites what it is given", "I3.3", "cp_switches_to_internal_url",
        "admitted and published", AT_STS),
    can("E-46", "An HTTPS management point asks a connection point without certificate for one", "X4 A15",
        "mp_wants_client_certificate",
        "admitted and mp_mode is https and mp_binding is ok and not cp_has_its_certificate",
        AT_STS),
    can("E-47", "A wrong binding refuses all", "X4", "mp_binding_is_wrong",
        "admitted and published and mp_binding is wrong", AT_STS),
    can("E-48", "The request comes to CCM_STS", "I3.3 I3.4", "sts_starts_request", "comes_to_sts",
        AT_STS),
    can("E-49", "CCM_STS crashes where it is not well", "I3.4", "sts_crashes",
        "comes_to_sts and sts_healthy is no", AT_STS),
    can("E-50", "CCM_STS cannot reach Entra where the management point has no internet and needs it", "A31",
        "sts_cannot_reach_entra", "comes_to_sts and sts_healthy is yes and mp_internet is no",
        AT_STS),
    can("E-51", "CCM_STS refuses a live token of another tenant's user where it minds", "A38 I3.7",
        "sts_refuses_entra_token", "comes_to_sts and sts_is_well and not tenant_matches",
        LIVE_AT_STS),
    can("E-52", "CCM_STS validates what is left", "I3.4", "sts_validates_entra_token", "validated",
        AT_STS),
    can("E-53", "It finds the database down", "I3.4", "sts_finds_database_down",
        "validated and site_database is down", AT_STS),
    can("E-54", "It does not know a user who is not discovered", "I3.4 A23", "sts_does_not_know_user",
        "validated and site_database is up and not known", AT_STS),
    can("E-55", "It issues the CCM token", "I3.4 I3.6", "sts_issues_token", "has_ccm_token",
        AT_STS, severity=Severity.HIGH),
    can("E-56", "The client caches it", "I4.1", "ccmsetup_caches_ccm_token", "has_ccm_token"),
    can("E-57", "A second connection point rewrites what it is given", "I3.3",
        "second_cp_switches_to_internal_url", "admitted and published and cp_count is 2",
        AT_STS),
    can("E-58", "A second connection point without certificate is asked for one", "X4 A15",
        "mp_wants_client_certificate_for_second",
        "admitted and mp_mode is https and mp_binding is ok and cp_count is 2 and not cp_has_its_certificate",
        AT_STS),
    can("E-59", "A wrong binding refuses a second connection point too", "X4", "mp_binding_is_wrong_for_second",
        "admitted and published and mp_binding is wrong and cp_count is 2", AT_STS),
    # Site information, content, the installer.
    can("E-60", "With a CCM token, or a certificate, the client is served site information", "I4.2",
        "mp_gives_site_information", "calls"),
    can("E-61", "It is shown ccmsetup.cab", "I4.2b", "mp_serves_client_files", "calls"),
    can("E-62", "It is given content locations where the database is up", "I4.2c", "mp_gives_content_locations",
        "finds_content"),
    can("E-63", "Without a database there are no content locations", "I3.4", "mp_has_no_database",
        "calls and site_database is down"),
    can("E-64", "The cloud serves the content that it has", "I4.4", "cloud_serves_content",
        "finds_content and content_in_cloud is yes"),
    can("E-65", "The cloud refuses a content token that is over", "I4.4 A28", "cloud_refuses_content_token",
        "finds_content and content_in_cloud is yes"),
    can("E-66", "The management point sends the content that the cloud has not", "I4.5", "mp_sends_content",
        "finds_content and content_in_cloud is no"),
    can("E-67", "Content with a bad hash is thrown away", "I4.3", "ccmsetup_rejects_content",
        "finds_content and content_hash is bad"),
    can("E-68", "client.msi is started where everything before it came about", "I4.3", "client_msi_finishes",
        "installs", severity=Severity.HIGH),
    can("E-69", "A CCM token that dies under way is found dead", "I4.2 T2 A10", "ccmsetup_finds_token_dead",
        "has_ccm_token"),
    # An Entra token may die under way, so that every Entra client's attempt can fail, on a good site too.
    can("E-70", "An attempt can fail, and is made again, but with a certificate on a good site", "A13",
        "ccmsetup_tries_again", "not (pki_client and installs)"),
    # The registration.
    can("E-80", "An installed client begins to register", "R1.1 R1.4", "registration_starts", "installs"),
    can("E-81", "It registers with an Entra token where it can have one", "R2.1 R2.2",
        "registration_takes_entra_token", "registers_by_token"),
    can("E-82", "A PKI client without one registers with its certificate", "R5",
        "registration_falls_back_to_certificate", "registers_by_certificate"),
    can("E-83", "The management point takes the token that proves a registration", "R3.1 R3.2",
        "mp_validates_registration_token", "token_proves"),
    can("E-84", "An HTTPS management point takes the certificate", "R5", "mp_takes_registration_certificate",
        "certificate_proves"),
    can("E-85", "A registration that was proved is made", "R3.2", "mp_registers_client", "registers",
        AT_REGISTRATION, severity=Severity.HIGH),
    can("E-86", "It may be left pending", "R3.2 A24", "mp_leaves_registration_pending", "registers",
        AT_REGISTRATION),
    can("E-87", "It may have to be sent again", "R3.2 A24", "mp_asks_to_resend", "registers",
        AT_REGISTRATION),
    can("E-88", "A live token that proves nothing here is rejected", "R3.2 A18", "mp_rejects_registration",
        "registration_admitted and not token_proves",
        BY_LIVE_TOKEN),
    can("E-93", "The CMG refuses a registration with a live token of a tenant that is not onboarded", "X3 I1.3",
        "cmg_refuses_credential", "registers_by_token and not registration_admitted",
        BY_LIVE_TOKEN),
    can("E-89", "A certificate proves nothing to a management point without HTTPS", "R5 R3.2",
        "mp_rejects_registration", "registers_by_certificate and not certificate_proves",
        BY_CERTIFICATE),
    can("E-90", "The client takes the confirmation where it can store it", "R3.2 R3.3",
        "registration_processes_confirmation", "registers and state_persists is yes"),
    can("E-91", "Where it cannot, it is not registered", "R3.3", "registration_cannot_be_stored",
        "registers and state_persists is no"),
    can("E-92", "The site confirms what is pending", "R3.2 A24", "site_confirms_registration", "registers"),
    # The messages of a registered client.
    can("E-100", "After an Entra registration a new CCM token is asked for", "R4.0",
        "messaging_needs_new_token", "registered_by_token"),
    can("E-101", "It is cached", "R4.0 R4.1 I4.1", "messaging_caches_new_token", "has_new_token"),
    can("E-102", "A registered client has messages of SYSTEM's", "T3", "system_message_is_queued", "sends"),
    can("E-103", "They go out", "T3 T4 R4.2", "messaging_sends_message", "sends", AS_SYSTEM,
        severity=Severity.HIGH),
    can("E-104", "Policy is served to SYSTEM", "T4 R4.2", "mp_serves_policy", "sends",
        AS_SYSTEM, severity=Severity.HIGH),
    can("E-105", "SYSTEM's token is found close to expiry", "T2 T3", "messaging_finds_token_ending",
        "has_new_token", "message.account is system and cache.system.life is not none"),
    can("E-106", "It is renewed", "T2 T5", "messaging_caches_renewed_token", "has_new_token",
        AS_SYSTEM),
    can("E-107", "A user who is signed in has messages of their own", "T3 T5", "user_message_is_queued",
        "user_sends"),
    can("E-108", "A token is asked for the user at once", "T2 T5", "ask_for_user_token", "user_sends",
        AS_USER),
    can("E-109", "Where Conditional Access blocks there is none for the user", "T2 I2.3",
        "messaging_renewal_fails", "user_sends and conditional_access is blocks"),
    can("E-110", "The user's token is cached", "T5", "messaging_caches_renewed_token", "user_is_served",
        AS_USER),
    can("E-111", "Policy is served to the user", "T5 T4", "mp_serves_policy", "user_is_served",
        AS_USER),
    can("E-112", "A renewed token that dies before it is used is renewed again", "T2 A41",
        "messaging_has_no_live_token", "has_new_token"),
    can("E-113", "A message fails where a token dies under way, or no connection passes after the refresh",
        "T3 A17 A24", "messaging_tries_again",
        "registered_by_token or registered_by_certificate and dark_later"),
)  # fmt: skip
