"""Replay: what a real client and site wrote, followed through the model, and a diagnosis.

:mod:`.reading` makes lines of files and puts them in order; :mod:`.patterns` is the table that says what a line stands
for; :mod:`.following` goes along with it through the model and says where the device stands and why.
"""
