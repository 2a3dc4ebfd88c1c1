"""The platform-free core: what an answer is, how it is drawn, and when it is sent."""
