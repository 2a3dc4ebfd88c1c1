"""What the demo looks like: each scene a panel with its question and the answer as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.markdown import Markdown
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from tickertape.demo.scenes import Scene

_COLORS = {"Discord": "blue", "Slack": "magenta"}


def screen(scenes: Sequence[Scene], height: int) -> RenderableType:
    """Return the scenes side by side, `height` lines high."""
    layout = Layout(size=height)
    layout.split_row(
        *(Layout(_panel(scene, height), name=str(number)) for number, scene in enumerate(scenes))
    )
    return layout


class _Tail:
    """The last lines of something, as many as fit: what a chat window shows of a long message."""

    def __init__(self, shown: RenderableType, height: int) -> None:
        self._shown = shown
        self._height = height

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines."""
        lines = console.render_lines(self._shown, options.update(height=None), pad=False)
        for line in lines[-self._height :]:
            yield from line
            yield Segment.line()


def _panel(scene: Scene, height: int) -> Panel:
    question = Text(f"{scene.asker}: {scene.question}", style="bold")
    return Panel(
        _Tail(Group(question, Text(), *_answer(scene)), height - 2),
        title=f"{scene.platform}  {scene.place}",
        subtitle=f"{scene.edits} edits",
        border_style=_COLORS[scene.platform],
        height=height,
    )


def _answer(scene: Scene) -> list[RenderableType]:
    """Return the answer's messages as Markdown, and below them the buttons and the reaction."""
    texts = scene.texts()
    if not texts:
        return [Text("Tickertape is thinking…", style="dim italic")]
    parts: list[RenderableType] = [Markdown(_plain_marker(text)) for text in texts]
    if buttons := scene.buttons():
        styled = [(f"[ {each.face} ]", "red" if each.stops else "dim") for each in buttons]
        parts.append(Text("\n") + Text("  ").join(Text(face, style) for face, style in styled))
    if scene.stopped_by:
        parts.append(Text(f"\n{scene.asker} reacted with {scene.stopped_by}", style="yellow"))
    return parts


def _plain_marker(text: str) -> str:
    """Show Discord's small print (`-# `), which no other Markdown knows, in italics."""
    lines = text.split("\n")
    return "\n".join(f"*{line[3:]}*" if line.startswith("-# ") else line for line in lines)


def report(scenes: Sequence[Scene], rate_limited: int) -> RenderableType:
    """Return the closing table."""
    table = Table(title="What the servers saw", title_justify="left", title_style="bold")
    for heading in ("", "messages", "edits", "mean display lag", "stop to stream closed"):
        table.add_column(heading, justify="left" if not heading else "right")
    for scene in scenes:
        closed = scene.seconds_to_close
        table.add_row(
            f"{scene.platform}, {scene.asker}",
            str(len(scene.texts())),
            str(scene.edits),
            f"{scene.lag:.2f} s",
            "" if closed is None else f"{closed * 1000:.0f} ms",
        )
    verdict = "no 429" if not rate_limited else f"{rate_limited} answers of 429"
    return Group(table, Text(f"Rate limits: {verdict}.", style="green" if not rate_limited else "bold red"))
