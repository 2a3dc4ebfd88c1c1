"""The page of the local Discord, and what controls it."""
