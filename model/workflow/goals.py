"""What a client is there for, as goals that some state should reach; and what is told of the site's steps.

A change is judged by them too: for which causes a device cannot register, operate, or get its content.
"""

from __future__ import annotations

from ccmproof.model.alphabet import Alphabet

from .hosts import SITE

GOALS = {
    "registration": "registration is registered and registration.approval is 3",
    "operation": "mp_serves_policy and request.sender is client and security_settings is refreshed",
    "content": "ccmsetup in {downloaded, verified, installing, installed}",
}
"""Registered with approval 3; a message served after the security settings have been refreshed; content downloaded."""

SITE_STEPS = Alphabet(SITE, ("request.endpoint", "request.kind", "request.token_auth"))
"""What CMG, connection point, management point and database decide, and about which request."""
