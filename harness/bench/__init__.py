"""The engines side by side, each on what it can finish, with equal counts: ``python -m ccmproof.harness.bench``.

Each measurement is a process of its own (:mod:`.measure`), so that neither memory nor caches mix. What is measured
against is what one would use without a tool of this kind: a search over dictionaries (:mod:`.dicts`), a graph of
networkx, a package of binary decision diagrams.
"""
