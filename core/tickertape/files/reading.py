"""What the files of one question give the model, and what is left out of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tickertape.files.limits import FileLimits
from tickertape.files.problems import LeftOut, Problem
from tickertape.files.text import block, cut
from tickertape.prompts.turns import Image, Role, Turn

_WORTHWHILE = 200
"""Characters of a file below which a beginning is of no use."""


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of one file, by its plain name. `more` says that the file goes on; `notes`, what else is missing."""

    file: str
    text: str
    more: bool = False
    notes: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class FileImage:
    """An image that a model could be sent, and its longer side in pixels."""

    image: Image
    side: int


Extract = FileText | FileImage | LeftOut
"""What became of one file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What all files of a question give: a block of the prompt for each text, images, and what is left out, in order."""

    texts: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def turn(self, prompt: str) -> Turn:
        """Return the asker's turn: the files first, then the prompt, which long documents would bury otherwise."""
        names = ", ".join(image.name for image in self.images)
        shown = (f"Attached images, in this order: {names}",) if names else ()
        return Turn(Role.USER, "\n\n".join((*self.texts, *shown, prompt)).strip(), self.images)


def assemble(extracts: Iterable[Extract], limits: FileLimits, *, vision: bool) -> Reading:
    """Return the reading of all files, which come in the order in which they were attached; earlier ones go first."""
    parts = _Parts(limits, vision)
    for extract in extracts:
        match extract:
            case FileText():
                parts.add_text(extract)
            case FileImage():
                parts.add_image(extract)
            case LeftOut():
                parts.left_out.append(extract)
    return Reading(tuple(parts.texts), tuple(parts.images), tuple(parts.left_out))


@dataclass(slots=True)
class _Parts:
    """A reading as it grows within its limits."""

    limits: FileLimits
    vision: bool
    texts: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    characters: int = 0

    def add_text(self, file: FileText) -> None:
        """Add as much of a file's text as there is room for."""
        room = self.limits.characters - self.characters
        if room < min(len(file.text), _WORTHWHILE, self.limits.characters):
            self.left_out.append(LeftOut(file.file, Problem.NO_ROOM, self.limits.characters))
            return
        taken = cut(file.text, room)
        goes_on = file.more or len(taken) < len(file.text)
        notes = (LeftOut(file.file, Problem.TEXT_CUT, len(taken)),) if goes_on else file.notes
        self.characters += len(taken)
        self.texts.append(block(file.file, taken, "only a part of it" if notes else ""))
        self.left_out.extend(notes)

    def add_image(self, file: FileImage) -> None:
        """Add an image if the model can see it, and it is none too many."""
        refused = self._refused(file)
        if refused is None:
            self.images.append(file.image)
        else:
            self.left_out.append(refused)

    def _refused(self, file: FileImage) -> LeftOut | None:
        limits, name = self.limits, file.image.name
        if not self.vision:
            return LeftOut(name, Problem.NO_VISION)
        if len(file.image.data) > limits.image_bytes:
            return LeftOut(name, Problem.IMAGE_TOO_BIG, limits.image_bytes)
        if file.side > limits.image_side:
            return LeftOut(name, Problem.IMAGE_TOO_LARGE, limits.image_side)
        if len(self.images) >= limits.images:
            return LeftOut(name, Problem.TOO_MANY_IMAGES, limits.images)
        return None
