"""What an answer's messages have no room for: the rest of its text as a file, in one further message. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tickertape.render import Page
from tickertape.render.dialect import Dialect
from tickertape.screen.body import Body, File
from tickertape.screen.draft import Draft

NAME = "answer"
"""The file's name, without its ending."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The messages before the file, and where in the model's text the file begins.

    White space between them belongs to the file, so that messages and file joined are the text exactly.
    """

    texts: tuple[str, ...]
    position: int

    def rest(self, draft: Draft) -> str:
        """Return the text for the file."""
        return draft.text[self.position :]


def cut_after(pages: Sequence[Page], draft: Draft) -> Cut:
    """Return the cut behind `pages`, which are full: none of them will change."""
    shown = draft.text[: pages[-1].end].rstrip()
    return Cut(tuple(page.text for page in pages), len(shown))


def file_bodies(rest: str, dialect: Dialect, said: str, marker: str, most: int) -> list[Body]:
    """Return the messages that bring `rest`, in files of at most `most` bytes: one, unless the text is enormous.

    Each has `said` in small print, what its file is; the last one says too, with `marker`, how the answer ended.
    """
    said = dialect.marker(said)
    bodies = [
        Body(said, file=File(_name(number), text)) for number, text in enumerate(_parts(rest, most), start=1)
    ]
    if marker:
        bodies[-1] = Body(f"{said}\n{dialect.marker(marker)}", file=bodies[-1].file)
    return bodies


def _name(number: int) -> str:
    return f"{NAME}.md" if number == 1 else f"{NAME}-{number}.md"


def _parts(text: str, most: int) -> Iterator[str]:
    """Yield `text` in parts of at most `most` bytes in UTF-8, each as long as it can be."""
    data = text.encode("utf-8", "replace")
    start = 0
    while len(data) - start > most:
        end = start + most
        while data[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        yield data[start:end].decode()
        start = end
    yield data[start:].decode()
