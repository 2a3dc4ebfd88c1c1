"""Block Kit, as the local Slack accepts it."""
