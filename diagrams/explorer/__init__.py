"""The explorer: one page of HTML on which anybody walks the product by hand.

:mod:`.data` says a network as the page reads it, :mod:`.machines` draws each actor, :mod:`.page` puts the page together
from the small files beside it. ``semantics.js`` is the twin of :mod:`ccmproof.model.kernel.product`, and tested so.
"""
