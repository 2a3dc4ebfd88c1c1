"""What the bot says to people, in their language: the catalogue `<language>.ftl` of each, and the way to read them.

The core decides what is said, which is a `Sentence`: an id and what goes into its gaps. Where it is shown somebody
knows who reads it, and says it in a `Language`. Nothing here depends on who is reading: locales are arguments.

The catalogues are Project Fluent files (https://projectfluent.org/fluent/guide/): a translator finds plurals, numbers
and comments there and needs no Python. Another language is another file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

_FOLDER = resources.files(__name__)
_ENDING = ".ftl"

SUPPORTED = tuple(
    sorted(file.name.removesuffix(_ENDING) for file in _FOLDER.iterdir() if file.name.endswith(_ENDING))
)
"""The languages that there are catalogues of, as BCP 47 tags."""

_LONGEST = 2_000
"""Characters of one argument: Fluent says nothing at all with one that is longer than 2,500."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something to say: its id in the catalogues, and its arguments by the names that they have there.

    A number is written, and counted, as the language does it; a sentence among the arguments is said in the same one.
    """

    id: str
    args: Mapping[str, str | int | float | Decimal | Sentence] = field(default_factory=dict, hash=False)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values, so that another process can say it."""
        args = {
            name: value.to_json() if isinstance(value, Sentence) else value
            for name, value in self.args.items()
        }
        return {"id": self.id, "args": args}


def from_json(stored: object) -> Sentence | None:
    """Return what `Sentence.to_json` gave; None for what is none, or is one of another version of this program."""
    match stored:
        case {"id": str(name), "args": dict(args)} if name in ids():
            return Sentence(
                name,
                {
                    key: (from_json(each) or "") if isinstance(each, dict) else each
                    for key, each in args.items()
                },
            )
    return None


@dataclass(frozen=True, slots=True)
class Lines:
    """Several sentences, each on a line of its own. A text among them is not ours: it is said as it is."""

    lines: tuple[Sentence | str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """One language, by its tag in `SUPPORTED`."""

    tag: str

    def say(self, said: Sentence | Lines) -> str:
        """Return the sentence, or all lines, in this language; what it lacks is said in English."""
        if isinstance(said, Lines):
            return "\n".join(line if isinstance(line, str) else self.say(line) for line in said.lines)
        bundle = _bundle(self.tag)
        if not bundle.has_message(said.id):
            bundle = _bundle(ENGLISH.tag)
        pattern = bundle.get_message(said.id).value
        if pattern is None:
            raise LookupError(said.id)
        args = {name: self._value(value) for name, value in said.args.items()}
        return str(bundle.format_pattern(pattern, args)[0])

    def _value(self, value: str | float | Decimal | Sentence) -> str | float | Decimal:
        if isinstance(value, Sentence):
            value = self.say(value)
        return value[:_LONGEST] if isinstance(value, str) else value


ENGLISH = Language("en")
"""Every catalogue is a translation of this one; it is also the language of the log."""


def in_english(said: Sentence | None) -> str | None:
    """Return a sentence for the log, if there is one."""
    return None if said is None else ENGLISH.say(said)


@dataclass(frozen=True, slots=True)
class Languages:
    """Finds the language for a reader; `default` is for those of whom no language is known, or none that there is."""

    default: Language = ENGLISH

    def of(self, locale: str) -> Language:
        """Return the language for a platform's locale: `de-AT` and `de` are German, the empty one is the default."""
        return find(locale) or self.default

    def __iter__(self) -> Iterator[Language]:
        return map(Language, SUPPORTED)


def find(locale: str) -> Language | None:
    """Return the language of a locale without its last parts that no catalogue has; None if there is none."""
    parts = locale.replace("_", "-").lower().split("-")
    known = {tag.lower(): tag for tag in SUPPORTED}
    tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((Language(known[tag]) for tag in tags if tag in known), None)


@cache
def ids() -> frozenset[str]:
    """Return the ids of all sentences."""
    resource = FluentResource(source(ENGLISH.tag))
    return frozenset(entry.id.name for entry in resource.body if hasattr(entry, "id"))


def source(tag: str) -> str:
    """Return the text of a language's catalogue."""
    return _FOLDER.joinpath(f"{tag}{_ENDING}").read_text(encoding="utf-8")


@cache
def _bundle(tag: str) -> FluentBundle:
    """Read a catalogue, once: it is a constant. Marks around arguments, for text of both directions, stay out."""
    bundle = FluentBundle([tag], use_isolating=False)
    bundle.add_resource(FluentResource(source(tag)))
    return bundle
