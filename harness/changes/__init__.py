"""Design changes: a small file says what would be different, and one command says what that breaks and repairs.

`located` reads TOML and remembers where everything stands; `forms` is the table of what an entry may say, `claims` that
of what is said of properties; `change` is what a file says; `design` applies it to the model of a scenario; `side` is
what one design is found to be, `compare` what became of it; `validate` judges before and after, and `validation` is
what it has found.
"""
