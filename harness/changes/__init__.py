"""Design changes: a small file says what would be different, and one command says what that breaks and repairs.

`located` reads TOML and remembers where everything stands; `forms` is the table of what a file may say; `change` is
what a file says; `design` applies it to the model of a scenario; `validate` judges before and after.
"""
