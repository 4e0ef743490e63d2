"""Renderings of an outcome: each takes the same :class:`~ccmproof.harness.report.Outcome` and gives a text."""
