"""What an event means, for every platform: facts in, decisions out."""
