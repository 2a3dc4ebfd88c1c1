"""The way back to answers of an earlier process in Slack."""
