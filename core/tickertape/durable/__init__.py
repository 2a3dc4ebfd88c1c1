"""What survives a crash: the journal of answers, their repair, and the store."""
