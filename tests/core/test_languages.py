"""The catalogues are complete, the code says what they have, and everybody is spoken to in their language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.catalogues import messages, samples, variables
from tickertape.discord.showing.dialect import MAX_CONTENT
from tickertape.discord.words import HELP
from tickertape.files import words as file_words
from tickertape.files.problems import LeftOut, Problem
from tickertape.languages import (
    ENGLISH,
    SUPPORTED,
    Language,
    Languages,
    Lines,
    Sentence,
    _bundle,
    from_json,
    ids,
    words,
)

ROOT = Path(__file__).parents[2]
GERMAN = Language("de")
OTHERS = [tag for tag in SUPPORTED if tag != ENGLISH.tag]
SOURCES = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("bots/**/*.py")])


# The catalogues.


def test_english_and_german_are_there() -> None:
    assert {"en", "de"} <= set(SUPPORTED)


@pytest.mark.parametrize("tag", OTHERS)
def test_a_translation_is_complete_and_has_nothing_of_its_own(tag: str) -> None:
    assert messages(tag).keys() == messages(ENGLISH.tag).keys() == ids()


@pytest.mark.parametrize("tag", OTHERS)
def test_a_translation_has_the_same_variables(tag: str) -> None:
    ours, theirs = messages(ENGLISH.tag), messages(tag)
    assert [name for name in ours if variables(ours[name]).keys() != variables(theirs[name]).keys()] == []


@pytest.mark.parametrize("tag", SUPPORTED)
def test_every_sentence_can_be_said(tag: str) -> None:
    bundle = _bundle(tag)
    for name, message in messages(tag).items():
        for args in samples(variables(message)):
            pattern = bundle.get_message(name).value
            assert pattern is not None
            said, errors = bundle.format_pattern(pattern, args)
            assert errors == []
            assert said == Language(tag).say(Sentence(name, args))
            assert said == str(said).strip() != ""
            assert not re.search(r"[{}\u2068\u2069]|  |\n", str(said)), said


@pytest.mark.parametrize("tag", SUPPORTED)
def test_sentences_stay_within_what_the_platforms_take(tag: str) -> None:
    """Discord: names of commands in menus 32, descriptions 100, labels of buttons 80, of fields 45 characters.

    Slack: titles and buttons of forms 24, placeholders 150, buttons 75 characters, with an emoji before most of them.
    """
    say = Language(tag).say
    most = {"discord-about": 32, "slack-about-title": 24, "label-ask": 24, "label-question": 45}
    most |= {"label-stop": 72, "label-again": 72, "label-continue": 72, "label-choose": 150}
    most |= {name: 100 for name in ids() if re.fullmatch(DESCRIPTION, name)}
    assert [name for name, longest in most.items() if len(say(Sentence(name))) > longest] == []


@pytest.mark.parametrize("tag", SUPPORTED)
def test_help_fits_into_one_message_of_discord(tag: str) -> None:
    assert len(Language(tag).say(HELP)) <= MAX_CONTENT


DESCRIPTION = r"discord-(ask|stop|model|persona|usage|forget|help|choose)(-(?!lost)[a-z-]+)?"


def test_a_closing_line_is_one_line_and_ends_as_a_sentence() -> None:
    for tag in SUPPORTED:
        for said in (words.STOPPED, words.stopped_by("Ann"), words.INTERRUPTED, words.DELETED, words.BUG):
            assert Language(tag).say(said).endswith(".")


# What the code says.


def said_in(source: Path) -> Iterator[tuple[int, ast.Call]]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence":
            yield node.lineno, node


def test_the_code_says_all_that_the_catalogue_has_and_nothing_else() -> None:
    used: set[str] = set()
    for source in SOURCES:
        if source == ROOT / "core/tickertape/languages/__init__.py":
            continue  # reads them back from the database
        for line, call in said_in(source):
            where = f"{source.relative_to(ROOT)}:{line}"
            assert isinstance(call.args[0], ast.Constant), f"{where}: the id has to be written out"
            name = str(call.args[0].value)
            assert name in ids(), f"{where}: {name}"
            assert arguments(call) == variables(messages(ENGLISH.tag)[name]).keys(), f"{where}: {name}"
            used.add(name)
    assert ids() - used == set()


def arguments(call: ast.Call) -> set[str]:
    if len(call.args) < 2:
        return set()
    assert isinstance(call.args[1], ast.Dict)
    return {str(key.value) for key in call.args[1].keys if isinstance(key, ast.Constant)}


OPERATORS = re.compile(
    r"tickertape/model/(client|document|failures|retry|transport|watch|body|settings)|durable/store/|tickertape/(discord|slack)/"
    r"(gateway/)?(check|login|setup_problems|scopes|settings|manifest|socket_mode|events_api)\.py"
)
"""What these write goes to the log or to the terminal, in English; the manifest is pasted by the owner."""
MODELS = {
    "core/tickertape/inbound/offers.py": {"Go on exactly where you stopped, without repeating anything."}
}
"""What a model is told."""
SHOWN = {"label", "title", "placeholder", "description", "content"}
"""Arguments that people see."""


def test_no_sentence_stands_in_the_code() -> None:
    found = {}
    for source in SOURCES:
        name = str(source.relative_to(ROOT))
        if name.startswith(
            ("core/", "bots/tickertape/discord/", "bots/tickertape/slack/")
        ) and not OPERATORS.search(name):
            found[name] = set(sentences(source.read_text(encoding="utf-8"))) - MODELS.get(name, set())
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("reply('Please ask again.')", True),
        ("reply(f'I stopped {count} answers.')", True),
        ("button(label='Stop')", True),
        ("_log.info('It was stopped.')", False),
        ("raise ValueError('It was stopped.')", False),
        ("def f():\n    'It was stopped.'", False),
        ("key = 'slack:T1'", False),
    ],
)
def test_a_sentence_in_the_code_is_found(code: str, is_found: bool) -> None:
    assert bool(list(sentences(code))) is is_found


def sentences(code: str) -> Iterator[str]:
    """Yield texts that look like something said to people: neither documentation, nor a log's, nor an exception's."""
    tree = ast.parse(code)
    hidden = set[ast.AST]()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Raise():
                hidden.update(ast.walk(node))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="_log"))):
                hidden.update(ast.walk(node))
    for node in ast.walk(tree):
        if node in hidden:
            continue
        match node:
            case ast.Constant(value=str(text)) if is_said(text):
                yield text
            case ast.JoinedStr(values=parts) if is_said("".join(map(text_of, parts))):
                yield ast.unparse(node)
            case ast.keyword(arg=name, value=ast.Constant(value=str(text))) if name in SHOWN:
                if re.search("[A-Za-z]{2}", text):
                    yield text


def text_of(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "X"


def is_said(text: str) -> bool:
    return bool(re.match(r"\W*[A-Z].* .*[a-z][.?!…]\W*$", text, re.DOTALL))


# Plurals, numbers and times.


@pytest.mark.parametrize(
    ("sentence", "english", "german"),
    [
        (words.forgotten(0), "Forgotten: 0 messages.", "0 Nachrichten vergessen."),
        (words.forgotten(1), "Forgotten: 1 message.", "Eine Nachricht vergessen."),
        (words.forgotten(2000), "Forgotten: 2,000 messages.", "2.000 Nachrichten vergessen."),
        (words.duration(0.2), "1 second", "einer Sekunde"),
        (words.duration(61), "2 minutes", "2 Minuten"),
        (words.duration(3600), "1 hour", "einer Stunde"),
        (words.duration(3601), "1 hour 1 minute", "einer Stunde und einer Minute"),
        (words.thought_for(125), "Thought for 2 min 5 s.", "2 min 5 s nachgedacht."),
        (words.amount(1234567, "EUR"), "1,234,567.00 EUR", "1.234.567,00 EUR"),  # type: ignore[arg-type]  # any number
        (
            file_words.line(LeftOut("a.mp4", Problem.TOO_BIG, 20_971_520)),
            "Left out: a.mp4 – it is larger than 20.9 MB.",
            "Nicht gelesen: a.mp4 – die Datei ist größer als 20,9 MB.",
        ),
        (
            file_words.line(LeftOut("a.pdf", Problem.PAGES_CUT, 1, 140)),
            "Read in part: a.pdf – only the first of its 140 pages.",
            "Nur teilweise gelesen: a.pdf – nur die erste von 140 Seiten.",
        ),
        (
            file_words.line(LeftOut("a.png", Problem.IMAGE_TOO_BIG, 5_000_000)),
            "an image may have at most 5 MB.",
            "ein Bild darf höchstens 5 MB groß sein.",
        ),
        (words.PROMPT_TOO_LONG, "at most 6,000 characters.", "Höchstens 6.000 Zeichen sind möglich."),
    ],
)
def test_numbers_and_plurals_are_those_of_the_language(sentence: Sentence, english: str, german: str) -> None:
    assert ENGLISH.say(sentence).endswith(english)
    assert GERMAN.say(sentence).endswith(german)


# Who is spoken to in which language.


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        ("de", "de"),
        ("de-DE", "de"),
        ("de-AT", "de"),
        ("de_CH", "de"),
        ("DE", "de"),
        ("en-US", "en"),
        ("en-GB", "en"),
    ],
)
def test_a_region_is_spoken_to_in_its_language(locale: str, tag: str) -> None:
    for default in (ENGLISH, GERMAN):
        assert Languages(default).of(locale) == Language(tag)


@pytest.mark.parametrize("locale", ["", "pt-BR", "den", "d", "-", "zh-Hant-TW", "xx-de"])
def test_everybody_else_is_spoken_to_in_the_owners_language(locale: str) -> None:
    assert Languages().of(locale) == ENGLISH
    assert Languages(GERMAN).of(locale) == GERMAN


# What is stored.


def test_a_stored_sentence_can_be_said_in_any_language_later() -> None:
    for sentence in (words.STOPPED, words.stopped_by("Ann"), words.thought_for(125)):
        assert sentence is not None
        restored = from_json(sentence.to_json())
        assert restored == sentence
        assert GERMAN.say(sentence) == GERMAN.say(restored) if restored is not None else False


@pytest.mark.parametrize(
    "stored", [None, "Stopped.", {}, {"id": "unheard-of", "args": {}}, {"id": "stopped"}, ["stopped"]]
)
def test_what_another_version_stored_is_not_said(stored: object) -> None:
    assert from_json(stored) is None


def test_lines_are_said_one_below_the_other_and_names_as_they_are() -> None:
    assert GERMAN.say(Lines((words.USAGE_ALL, "- **small** ✓"))) == "**Alle Antworten**\n- **small** ✓"


def test_an_argument_may_be_of_any_length_and_is_no_pattern() -> None:
    assert ENGLISH.say(words.stopped_by("x" * 5000)).startswith("Stopped by xxx")
    assert ENGLISH.say(words.stopped_by("{ $name } \u2068")) == "Stopped by { $name } \u2068."
