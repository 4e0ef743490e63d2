"""``python -m ccmproof.harness.cli`` is ``ccmproof``."""

from . import main

main()
