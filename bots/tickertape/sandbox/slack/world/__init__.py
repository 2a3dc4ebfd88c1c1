"""What there is in the local Slack: the workspace, its people, channels, messages and files, and its app."""
