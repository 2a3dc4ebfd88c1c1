"""Before the standard library on a subprocess's path: a `venv` and a `pip` that take no time and no network."""
