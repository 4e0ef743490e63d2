"""Somebody else's component in the place of one of ours. How one is made, with a worked example, is in `ADAPTERS.md`.

A *place* is one of :data:`~ccmproof.harness.lab.build.PLACES`. Who takes it is a class that is made as ours is, with
the lab's surroundings and a configuration, and that offers what :data:`~..promised.OFFERS` says; all that counts is
what it sends and what it stores. A module gives its components by one function, ``parts``::

    # lenient.py
    from ccmproof.harness.lab.gateway import Gateway

    class Lenient(Gateway):
        async def token_good(self, incoming):
            return bool(incoming.credential("Bearer"))

    def parts():
        return {"gateway": Lenient}

It is found out by an offer of an expired token, and the deviation says which claims it breaks:

>>> from ccmproof.harness.lab.conformance.adapter import judged_by
>>> from ccmproof.harness.lab.conformance.driver import Choice
>>> from ccmproof.harness.lab.gateway import Gateway
>>> class Lenient(Gateway):
...     async def token_good(self, incoming):
...         return bool(incoming.credential("Bearer"))
>>> expired = ("sts", "no", "client", "offer_goes_to_the_cmg")
>>> deviation = judged_by({"gateway": Lenient}, [
...     Choice("offer", "adversary_offers_expired_entra_token", expired), Choice("go", "adversary")])
>>> print(deviation)  # doctest: +ELLIPSIS
step 5: gw.example.net asks cp.corp.example: POST /CCM_Proxy_ServerAuth/.../CCM_STS: the model does not allow it
  cmg_forwards_request: not so that request.life is live; ...
  it breaks SEC-04, SEC-07.cmg

The model's own component conforms:

>>> judged_by({}, [Choice("offer", "adversary_offers_expired_entra_token", expired), Choice("go", "adversary")])

"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType

from ccmproof.model.kernel.errors import ModelError, nearest

from ..build import PLACES, Parts
from ..promised import OFFERS
from .driver import Choice
from .follow import Deviates, Deviation


def loaded(name: str) -> Parts:
    """The components that a module gives: by its name, or by the path of its file.

    Raises:
        ModelError: there is no such module, or it has no ``parts()``, or that is none; it says what is wrong.
    """
    function = _function(_module(name), name)
    try:
        parts = function()
    except (Exception, SystemExit) as error:
        raise ModelError(f"{name}: parts() ends with {type(error).__name__}: {error}") from error
    found = checked(parts, name)
    if not found:
        raise ModelError(f"{name}: parts() gives no component, so that only ours would be tested")
    return found


def checked(parts: object, name: str) -> Parts:
    """Parts, once each is a class with a place that there is.

    Raises:
        ModelError: one is not.
    """
    if not isinstance(parts, Mapping):
        raise ModelError(f"{name}: parts() gives {type(parts).__name__}, and no mapping of places to classes")
    for place, of in parts.items():
        if place not in PLACES:
            raise ModelError(f"{name}: a lab has no place {place!r}{nearest(str(place), PLACES)}")
        if not isinstance(of, type):
            raise ModelError(f"{name}: what takes the place {place} is no class: {of!r}")
        missing = [each for each in OFFERS[place] if not _has(of, place, each)]
        if missing:
            raise ModelError(f"{name}: {of.__name__} has no {missing[0]!r}, which a {place} has")
    return dict(parts)


def _has(of: type, place: str, name: str) -> bool:
    """Whether a class offers something; what ours has only once it is made cannot be looked for before."""
    return hasattr(of, name) or not hasattr(PLACES[place], name)


def _module(name: str) -> ModuleType:
    if not name.endswith(".py") and not all(map(str.isidentifier, name.split("."))):
        raise ModelError(f"{name} is no module's name, and no path of a file that ends in .py")
    try:
        return _of_file(Path(name)) if name.endswith(".py") else importlib.import_module(name)
    except ModelError:
        raise
    except (Exception, SystemExit) as error:
        raise ModelError(f"{name} cannot be loaded: {type(error).__name__}: {error}") from error


def _of_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"ccmproof_adapter_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise ModelError(f"there is no file {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _function(module: ModuleType, name: str) -> Callable[[], object]:
    parts = getattr(module, "parts", None)
    if not callable(parts):
        raise ModelError(f"{name} has no function parts(), which gives its components by their places")
    found: Callable[[], object] = parts
    return found


def judged_by(
    parts: Parts, choices: Iterable[Choice], changes: Mapping[str, str] | None = None, seed: int = 0
) -> Deviation | None:
    """Where a lab with these parts leaves the model if this is done in it; None where it conforms.

    Args:
        changes: to the healthy environment.

    Raises:
        ModelError: a choice is not there to be made.
    """
    from .machine import repeated

    try:
        repeated(changes or {}, choices, parts, seed).close()
    except Deviates as deviates:
        return deviates.deviation
    return None
