"""Files of the local Slack."""
