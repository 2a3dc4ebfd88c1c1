"""How the local Slack delivers events and interactions."""
