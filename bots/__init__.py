"""The platforms and their composition: Discord, Slack, the local sandbox, the command line."""

__version__ = "0.1.0"
