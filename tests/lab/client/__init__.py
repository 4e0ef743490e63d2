"""The client, against small servers of the tests and against the real ones."""
