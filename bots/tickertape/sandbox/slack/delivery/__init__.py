"""How the local Slack delivers events, commands and interactions, and where they are answered."""
