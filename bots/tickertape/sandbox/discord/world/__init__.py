"""What there is in the local Discord: servers, channels, people, messages."""
