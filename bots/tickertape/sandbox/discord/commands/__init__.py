"""The forms of the local Discord, checked: commands with their options, components, modals."""
