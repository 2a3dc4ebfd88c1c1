"""Change a script by the model's name and by directives in the prompt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from tickertape.sandbox.gateway.answer import think
from tickertape.sandbox.gateway.script import Fault, Script

MODEL = "sandbox"
"""The stand-in's plain model."""
TEXT_ONLY = f"{MODEL}-text-only"
"""A model that takes no images."""

_PACES: dict[str, Callable[[Script, str], Script]] = {
    f"{MODEL}-slow": lambda script, _: replace(script, tokens_per_second=8.0, first_token=2.0),
    f"{MODEL}-fast": lambda script, _: replace(script, tokens_per_second=400.0, first_token=0.05),
    f"{MODEL}-thinking": lambda script, prompt: replace(script, reasoning=think(prompt)),
}
_FAULTS = {fault.value: fault for fault in Fault}
_DIRECTIVE = re.compile(r"(?<!\S)/(tokens|length|delay|reasoning|finish|burst|fault)\b(?:[ \t]+([\w./-]+))?")


def model_names() -> list[str]:
    """Return every model that the stand-in offers."""
    return [MODEL, TEXT_ONLY, *_PACES, *(f"{MODEL}-{name}" for name in _FAULTS)]


def for_model(script: Script, model: str, prompt: str) -> Script:
    """Return `script` as the model of that name would follow it."""
    if model in _PACES:
        return _PACES[model](script, prompt)
    fault = _FAULTS.get(model.removeprefix(f"{MODEL}-"))
    return script if fault is None else replace(script, fault=fault)


def for_prompt(script: Script, prompt: str) -> Script:
    """Return `script` changed by the directives in `prompt`; a value that makes no sense changes nothing."""
    for name, value in _DIRECTIVE.findall(prompt):
        script = _apply(script, name, value, prompt)
    return script


def _apply(script: Script, name: str, value: str, prompt: str) -> Script:
    match name:
        case "reasoning":
            return replace(script, reasoning=think(prompt))
        case "finish" if value:
            return replace(script, finish_reason=None if value == "null" else value)
        case "fault" if value in _FAULTS:
            return replace(script, fault=_FAULTS[value])
        case "tokens" if value == "max":
            return replace(script, tokens_per_second=None)
    number = _number(value)
    return script if number is None else _apply_number(script, name, number)


def _apply_number(script: Script, name: str, number: float) -> Script:
    match name:
        case "tokens" if number > 0:
            return replace(script, tokens_per_second=number)
        case "length":
            return replace(script, text=None, length=int(number))
        case "delay":
            return replace(script, first_token=number)
        case "burst" if number >= 1:
            return replace(script, burst=int(number))
    return script


def _number(value: str) -> float | None:
    try:
        return float(value.removesuffix("/s"))
    except ValueError:
        return None
