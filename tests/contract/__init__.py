"""One suite of promises that every surface keeps, run on each of them."""
