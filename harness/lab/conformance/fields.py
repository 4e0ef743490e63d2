"""What of the model's records is to be seen in a message: the same fields that are read from a real one.

Where there is no token its other fields mean nothing (:mod:`ccmproof.model.workflow.void`); a request without a body
names no account; nobody looks at a signature but where policy is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

from ccmproof.model.workflow.wire import CLIENT_SENDS, DIRECT_SENDS, OFFERS

from .alphabet import CP_RETURNS, CP_SENDS, FORWARDS, OBSERVED

TOKEN = ("tenant", "audience", "owner", "signer", "life")
BEARERS = ("entra_device", "entra_user", "ccm")
BODILESS = ("aad_info", "client_files", "download", "unpublished", "none")
"""Endpoints whose requests have no body, or none that anybody reads."""
WAM = {"entra_issues_device_token": "wam.device", "entra_issues_user_token": "wam.user"}
REPLIES = ("mp_answers", "mp_answers_directly", "cmg_returns_reply", *CP_RETURNS.values())
RELAYS = (*FORWARDS.values(), *(event for events in CP_SENDS.values() for event in events))
SENDS = (*CLIENT_SENDS, *DIRECT_SENDS)

_State = Mapping[str, str]


def token(state: _State, record: str) -> dict[str, str]:
    """What is seen of a token in a record that has one."""
    seen = {f"{record}.{name}": state[f"{record}.{name}"] for name in TOKEN}
    if state[f"{record}.kind"] == "ccm":
        seen[f"{record}.names"] = state[f"{record}.names"]
    return seen


def request(state: _State) -> dict[str, str]:
    """What is seen of the request under way."""
    endpoint, kind = state["request.endpoint"], state["request.kind"]
    names = ["endpoint", "kind", "via"]
    if endpoint == "aad_info":
        names.append("tenant")
    if state["request.via"] == "gateway":
        names += ["path", "token_auth"]
    if endpoint != "aad_info":
        names.append("claims")
    if endpoint not in BODILESS:
        names.append("account")
    if endpoint == "policy":
        names.append("signed")
    seen = {f"request.{name}": state[f"request.{name}"] for name in names}
    return {**seen, **token(state, "request")} if kind in BEARERS else seen


def reply(state: _State) -> dict[str, str]:
    """What is seen of the reply under way."""
    seen = {f"reply.{name}": state[f"reply.{name}"] for name in ("status", "outcome", "kind")}
    if state["reply.outcome"] == "success":
        seen["reply.approval"] = state["reply.approval"]
    return {**seen, **token(state, "reply")} if state["reply.kind"] in BEARERS else seen


def visible(event: str, before: _State, after: _State) -> tuple[dict[str, str], dict[str, str]]:
    """What is seen of the states before and after an observed event, or of what a stimulus chooses."""
    if event in SENDS or event in OFFERS:
        return {}, request(after)
    if event in RELAYS:
        return request(before), {}
    if event in REPLIES:
        return reply(before), {}
    if event in WAM:
        record = WAM[event]
        return {}, {f"{record}.kind": after[f"{record}.kind"], **token(after, record)}
    if event == "ccmsetup_downloads_from_cloud":
        return {"content_token.life": before["content_token.life"]}, {}
    assert event not in OBSERVED or "reply" in OBSERVED[event] or event.startswith(("tls_", "ask_for_")), event
    return {}, {}
