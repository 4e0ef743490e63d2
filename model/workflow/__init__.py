"""The Entra authentication workflow of a Configuration Manager client, one file an actor or a tight group."""
