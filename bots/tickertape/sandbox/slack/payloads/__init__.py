"""The things of the local Slack as they look on the wire."""
