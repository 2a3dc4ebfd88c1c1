"""Local stand-ins of the platforms and of a model gateway: plain servers that any client can talk to."""
