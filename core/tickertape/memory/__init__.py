"""What a conversation remembers, and which model and persona answer in it."""
