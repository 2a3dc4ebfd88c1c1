"""The texts of Discord's list of commands, in the languages of its apps.

Discord shows everybody the translation for their app's language, and where there is none the text itself (API
documentation, application commands, localization): that is in the owner's language. Names themselves are English,
whatever that language is: by its name Discord tells which command was used, and its apps may show an old list for a while.
"""

from __future__ import annotations

from collections.abc import Callable

import discord
from discord import app_commands

from tickertape.languages import ENGLISH, Language, Sentence, find

_SENTENCE = "sentence"

Text = Callable[[Sentence], app_commands.locale_str]
"""Makes a text of a command."""


def texts_in(language: Language) -> Text:
    """Return what makes texts in `language` that a `CatalogueTranslator` can translate."""
    return lambda sentence: app_commands.locale_str(language.say(sentence), **{_SENTENCE: sentence})


def name(sentence: Sentence) -> app_commands.locale_str:
    """Return the name of a command: the same for every owner, with its translations."""
    return texts_in(ENGLISH)(sentence)


class CatalogueTranslator(app_commands.Translator):
    """Looks texts up in the catalogues."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 - the signature is discord.py's
    ) -> str | None:
        """Return the text in the language of `locale`; None where that is the text itself, or no catalogue has it."""
        sentence, language = string.extras.get(_SENTENCE), find(locale.value)
        if not isinstance(sentence, Sentence) or language is None:
            return None
        translated = language.say(sentence)
        return None if translated == string.message else translated
