"""Where the actors live. A guard reads its own host's actors, the message in hand, and what the site publishes."""

CLIENT = "client"
PEER = "second client"
USER = "user"
ADMINISTRATOR = "administrator"
ENTRA = "Entra"
CMG = "CMG"
CP = "connection point"
MP = "management point"
DATABASE = "site database"
CLOUD = "cloud storage"
ADVERSARY = "adversary"
ENVIRONMENT = "environment"
WIRE = "wire"

SITE = (CMG, CP, MP, DATABASE)
"""The hosts of the site. The site publishes its settings to all of them."""
HANDS = (CLIENT, CMG, CP, MP, ADVERSARY)
"""Whoever may have a message in hand."""
