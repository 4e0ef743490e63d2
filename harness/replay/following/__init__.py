"""Following: where a device stands by its logs, and why.

:func:`.diagnosis.diagnose` is the whole of it: recognised lines and :func:`.equipment.equipment` in, a
:class:`.answer.Diagnosis` out. The model's sets are in :mod:`.ground`, what is kept of it in :mod:`.kept`, the way
through it in :mod:`.follow`; :mod:`.stages`, :mod:`.failures`, :mod:`.ranking` and :mod:`.inference` read off what was
achieved, what failed, and why; :mod:`.explained` makes a run of it.
"""
