"""Commands, components and modals of the local Discord."""
