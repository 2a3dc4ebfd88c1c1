"""Fakes with behaviour that several parts of the suite share."""
