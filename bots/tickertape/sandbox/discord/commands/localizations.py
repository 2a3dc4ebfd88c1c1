"""The languages of Discord's apps, pure, and a command's texts in them (API documentation, reference: locales)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tickertape.sandbox.discord.errors import FormErrors

LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)

_FALLBACKS = {"en-US": "en-GB", "en-GB": "en-US", "es-419": "es-ES"}
_FIELDS = ("name", "description")

Check = Callable[[str, str, FormErrors], None]
"""Notes the faults of a text at a path."""


def check_localizations(raw: object, path: str, check: Check, errors: FormErrors) -> None:
    """Note unknown languages, and texts that break the rules of the field which they translate."""
    if raw is None:
        return
    if not isinstance(raw, dict):
        errors.add(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return
    for locale, text in raw.items():
        if locale not in LOCALES:
            errors.add(f"{path}.{locale}", "BASE_TYPE_CHOICES", "Unknown locale.")
        else:
            check(str(text or ""), f"{path}.{locale}", errors)


def localized(texts: dict[str, str] | None, locale: str) -> str | None:
    """Return a field's translation for a language or for what stands in for it; None if there is neither."""
    known = texts or {}
    return known.get(locale) or known.get(_FALLBACKS.get(locale, ""))


def longest(definition: dict[str, Any], field: str) -> int:
    """Return the characters of a field's longest translation, itself included."""
    others = (definition.get(f"{field}_localizations") or {}).values()
    return max(len(str(text)) for text in (definition.get(field) or "", *others))


def for_requester(definition: dict[str, Any], locale: str) -> dict[str, Any]:
    """Return a command as a listing shows it: one translation for the requester instead of all of them."""
    hidden = {f"{field}_localizations" for field in _FIELDS}
    shown = {key: value for key, value in definition.items() if key not in hidden}
    for field in _FIELDS:
        if text := localized(definition.get(f"{field}_localizations"), locale):
            shown[f"{field}_localized"] = text
    for nested in ("options", "choices"):
        if nested in shown:
            shown[nested] = [for_requester(each, locale) for each in shown[nested]]
    return shown
