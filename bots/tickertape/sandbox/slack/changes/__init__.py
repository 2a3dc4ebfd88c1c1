"""What becomes of the things of the local Slack, whoever does it: each change is published as an event."""
