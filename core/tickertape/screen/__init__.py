"""What is on screen of an answer: the surface seam, the view, and when a call is made."""
