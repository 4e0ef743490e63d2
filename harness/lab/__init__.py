"""The lab: a small, honest implementation of the whole workflow, in one process, that the model drives and judges.

Certificates, revocation lists, tokens, the cache, the database and the logs are real ones; the wires are memory, and
time is injected. Components know nothing of the model: they have a configuration, a clock, a network and a log. What
an environment of the model means for them is said in one place, :mod:`.build`.
"""
