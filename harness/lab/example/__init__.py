"""A client of somebody else's, as one would be put to the test: written from the document alone, with nothing of ours.

:mod:`.client` is the whole of it, and conforms; :mod:`.careless` is the same with one thing wrong. How they are put in
the place of ours stands in `ADAPTERS.md`.
"""
