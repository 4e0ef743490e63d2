"""Conformance: what real components do on wires and stores, followed in the model, step by step.

Nothing that a component says of itself counts: only messages (:mod:`.facts`) and what lies in stores. :mod:`.alphabet`
says which of the model's events somebody makes, which are seen, and which nobody sees; :mod:`.follow` keeps the states
in which the model may be; :mod:`.driver` lets messages go, one at a time, and makes time, faults and people strike.
"""
