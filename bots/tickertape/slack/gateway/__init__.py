"""What Slack sends, as facts."""
