"""What people do in the local Discord."""
