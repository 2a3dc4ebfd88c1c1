"""Where Slack shows an answer, with which buttons, and in which dialect."""
