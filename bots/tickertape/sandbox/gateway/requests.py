"""Read a completion request: check its body, choose its script, fit the answer to its limits."""

from __future__ import annotations

import json

from tickertape.sandbox.gateway.answer import write_answer
from tickertape.sandbox.gateway.chunks import Json
from tickertape.sandbox.gateway.directives import TEXT_ONLY, for_model, for_prompt, model_names
from tickertape.sandbox.gateway.invalid import Invalid
from tickertape.sandbox.gateway.parts import check_parts
from tickertape.sandbox.gateway.script import Script

_ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})


def validated(raw: bytes) -> Json:
    """Return the request's body; raise Invalid where a real gateway would."""
    try:
        body = json.loads(raw)
    except ValueError:
        raise Invalid("We could not parse the JSON body of your request.") from None
    if not isinstance(body, dict):
        raise Invalid("The body must be a JSON object.")
    _check_model(body.get("model"))
    _check_messages(body.get("messages"), vision=body["model"] != TEXT_ONLY)
    _check_options(body)
    return body


def _check_model(model: object) -> None:
    if not isinstance(model, str) or not model:
        raise Invalid("you must provide a model parameter", param="model")
    if model not in model_names():
        message = f"The model `{model}` does not exist or you do not have access to it."
        raise Invalid(message, param="model", status=404, code="model_not_found")


def _check_messages(messages: object, *, vision: bool) -> None:
    if not isinstance(messages, list) or not messages:
        raise Invalid("[] is too short - 'messages'", param="messages")
    for position, message in enumerate(messages):
        where = f"messages.[{position}]"
        if not isinstance(message, dict):
            raise Invalid(f"Invalid type for '{where}': expected an object.", param=where)
        if message.get("role") not in _ROLES:
            raise Invalid(f"Invalid value for '{where}.role'.", param=f"{where}.role")
        content = message.get("content")
        if not isinstance(content, str | list):
            raise Invalid(f"Invalid type for '{where}.content'.", param=f"{where}.content")
        if isinstance(content, list):
            check_parts(content, message["role"], where, vision=vision)


def _check_options(body: Json) -> None:
    if not isinstance(body.get("stream", False), bool):
        raise Invalid("Invalid type for 'stream': expected a boolean.", param="stream")
    if body.get("stream_options") is not None and not body.get("stream"):
        raise Invalid("'stream_options' is only allowed when 'stream' is enabled.", param="stream_options")
    temperature = body.get("temperature", 1)
    if not isinstance(temperature, int | float) or not 0 <= temperature <= 2:
        raise Invalid("Invalid value for 'temperature': expected 0 to 2.", param="temperature")


def prompt_of(body: Json) -> str:
    """Return the text of the last user message."""
    for message in reversed(body["messages"]):
        if message["role"] == "user":
            return _text(message["content"])
    return ""


def _text(content: str | list[object]) -> str:
    if isinstance(content, str):
        return content
    return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def choose_script(default: Script, body: Json) -> Script:
    """Return `default` changed by the model's name, then by the prompt's directives."""
    prompt = prompt_of(body)
    return for_prompt(for_model(default, body["model"], prompt), prompt)


def fitted(script: Script, body: Json) -> tuple[str, str | None]:
    """Return the answer's text and finish_reason, cut at the request's limit of tokens if there is one."""
    text = write_answer(prompt_of(body), script.length) if script.text is None else script.text
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if isinstance(limit, int) and len(text) > limit * script.token:
        return text[: limit * script.token], "length"
    return text, script.finish_reason
