"""The things of the local Discord as its API and its gateway show them."""
