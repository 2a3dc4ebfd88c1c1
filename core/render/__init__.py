"""Rendering: the text of an answer so far becomes the texts of its messages."""

from __future__ import annotations

from core.render.renderer import Page, Renderer

__all__ = ["Page", "Renderer"]
