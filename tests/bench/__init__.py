"""The benchmark: how close to the limits answers are shown, and what that costs. `python -m tests.bench --help`."""
