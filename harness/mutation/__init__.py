"""How strong the suite is: every single edit of the model, and which properties notice it.

:mod:`.mutants` says which edits there are, :mod:`.sameness` which of them change nothing that can happen, where
:mod:`.void` and :mod:`.settled` say what makes no difference; :mod:`.ladder` where the others are looked at, and in
which order; :mod:`.work` is what a worker does, a pure function of texts, so that it runs anywhere
(:mod:`.executors`); :mod:`.journal` keeps what was found, :mod:`.run` puts it together, and :mod:`.score` says what it
means.
"""
