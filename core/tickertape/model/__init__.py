"""The model: a stream of deltas out of any OpenAI-compatible gateway."""
