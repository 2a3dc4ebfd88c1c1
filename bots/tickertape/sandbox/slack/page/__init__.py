"""The page of the local Slack, and what controls it."""
