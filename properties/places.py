"""Words for how far a client has come, in terms of its environment alone; :mod:`.reach` says with them what can happen.

Whoever is asked at one hop has passed all hops before it, so each word is said by the words before it. They are written
from the statements and speak of the default readings, but for the two questions that the document leaves open.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    # What a device is and has.
    "pki_client": "pki is valid",
    "joined": "join in {entra, hybrid}",
    "has_key": "joined and wpj is ok",
    "somebody": "user_kind is not nobody",
    "device_token_there": "os is ok and device_app is enabled",
    "user_token_there": "somebody and conditional_access is excluded",
    "some_token_there": "device_token_there or user_token_there",
    # The connection: the certificate, then the CRL, at first and after the settings refresh.
    "certificate_fits": "(cmg_certificate is public or root is present) and cmg_name is match and cmg_date is ok",
    "crl_lets_it": "crl is fresh and cmg_revoked is no",
    "checked_at_first": "nocrlcheck is no and (site_option is on or bootstrap_knows_site_option is no)",
    "connects": "certificate_fits and (not checked_at_first or crl_lets_it)",
    "dark_later": "site_option is on and not crl_lets_it",
    # ccmsetup: the Entra properties, the Entra token, what it sends first.
    "asks_the_cmg": "not pki_client and properties_given is no and joined",
    "knows_the_app": "properties_given is yes or joined and connects and tenant is onboarded",
    "asks_entra": "not pki_client and knows_the_app and has_key",
    "by_device": "asks_entra and device_token_there",
    "falls_back": "asks_entra and not device_token_there",
    "by_user": "falls_back and user_token_there",
    "has_entra_token": "by_device or by_user",
    "has_something_to_send": "asks_the_cmg or properties_given is yes and has_entra_token or pki_client",
    # The request to CCM_STS, hop by hop.
    "asks_sts": "has_entra_token and connects",
    "of_own_tenant": "device_token_there or user_kind is same_tenant",
    "tenant_is_good": "of_own_tenant and tenant is onboarded or not of_own_tenant and other_tenant_onboarded is yes",
    "admitted": "asks_sts and tenant_is_good",
    "published": "mp_mode is not http",
    "cp_has_its_certificate": "cp_certificate is valid and cp_certificate_crl is reachable",
    "let_in": "mp_binding is ok and (mp_mode is ehttp or cp_has_its_certificate)",
    "comes_to_sts": "admitted and published and let_in",
    "sts_is_well": "sts_healthy is yes and mp_internet in {old, yes}",
    "tenant_matches": "of_own_tenant or tenant_match is onboarded",
    "validated": "comes_to_sts and sts_is_well and tenant_matches",
    "known": "device_token_there or user_discovered is yes",
    "has_ccm_token": "validated and site_database is up and known",
    # ccmsetup's calls, with the CCM token or the certificate.
    "calls_by_certificate": "pki_client and connects and published and let_in",
    "calls": "has_ccm_token or calls_by_certificate",
    "finds_content": "calls and site_database is up",
    "installs": "finds_content and content_hash is good",
    # The registration. A PKI client that was given the Entra properties registers with a token where it can have one.
    "has_token_to_register": "not pki_client or properties_given is yes and has_key and some_token_there",
    "registers_by_token": "installs and has_token_to_register",
    "registers_by_certificate": "installs and not has_token_to_register",
    "registration_admitted": "registers_by_token and tenant_is_good",
    "user_may_register": "tenant_matches and mp_mode is https",
    "token_proves": "registration_admitted and (device_token_there or user_may_register) and mp_internet is not no",
    "certificate_proves": "registers_by_certificate and mp_mode is https",
    "registers": "token_proves or certificate_proves",
    # The messages of a registered client.
    "registered_by_token": "token_proves and state_persists is yes",
    "registered_by_certificate": "certificate_proves and state_persists is yes",
    "has_new_token": "registered_by_token and sts_healthy is yes and known",
    "sends": "has_new_token or registered_by_certificate",
    "user_sends": "has_new_token and somebody",
    "user_tenant_is_good": "user_kind is same_tenant and tenant is onboarded"
    " or user_kind is other_tenant and other_tenant_onboarded is yes and tenant_match is onboarded",
    "user_is_served": "user_sends and user_token_there and user_discovered is yes and user_tenant_is_good",
}
"""Words for where a client has come to, each in terms of unknowns, parameters and the words before it."""
