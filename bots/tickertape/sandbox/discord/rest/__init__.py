"""The REST API of the local Discord, and the host of its attachments."""
