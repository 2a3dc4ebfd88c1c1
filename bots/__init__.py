"""The platforms and their composition: Discord, Slack, the local sandbox, the command line."""
