"""Rendering: the text of an answer so far becomes the texts of its messages."""

from __future__ import annotations

from tickertape.render.append_only import AppendOnlyRenderer
from tickertape.render.dialect import AppendOnlyDialect, Dialect
from tickertape.render.renderer import Page, Renderer

__all__ = ["AppendOnlyRenderer", "Page", "Renderer", "renderer_of"]


def renderer_of(dialect: Dialect) -> Renderer:
    """Return a renderer that keeps what `dialect` demands of live frames."""
    return AppendOnlyRenderer(dialect) if isinstance(dialect, AppendOnlyDialect) else Renderer(dialect)
