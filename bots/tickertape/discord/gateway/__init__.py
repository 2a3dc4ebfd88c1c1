"""What Discord's gateway tells, as facts."""
