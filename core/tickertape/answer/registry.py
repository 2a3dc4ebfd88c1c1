"""Finds a running answer by any of its messages, by its prompt, or by who asked where; remembers recent prompts."""

from __future__ import annotations

from collections import OrderedDict

from tickertape.answer.answer import Answer
from tickertape.prompts.keys import MessageKey, PersonKey, PlaceKey

REMEMBERED_PROMPTS = 20_000
"""Prompts whose keys are kept after their answers, because platforms deliver events again (Slack up to 6 minutes)."""

_REMEMBERED_DELETIONS = 2_000
"""Deleted messages whose keys are kept, because they may be prompts that are being admitted, which takes seconds. Most
are none: platforms tell of every deletion, and people delete by the hundred."""


class _Recent:
    """The latest keys of a kind, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._keys: OrderedDict[MessageKey, None] = OrderedDict()

    def add(self, key: MessageKey) -> None:
        self._keys[key] = None
        while len(self._keys) > self._most:
            self._keys.popitem(last=False)

    def __contains__(self, key: MessageKey) -> bool:
        return key in self._keys


class Registry:
    """The running answers of a process."""

    def __init__(self) -> None:
        self._by_key: dict[MessageKey, Answer] = {}
        self._by_id: dict[str, Answer] = {}
        self._keys: dict[Answer, set[MessageKey]] = {}
        """Every key under which an answer is found."""
        self._asked = _Recent(REMEMBERED_PROMPTS)
        self._deleted = _Recent(_REMEMBERED_DELETIONS)

    def add(self, answer: Answer) -> None:
        """Register a new answer under its id and its prompt's key."""
        self._by_id[answer.id] = answer
        self.link(answer, answer.prompt.key)
        self.note_asked(answer.prompt.key)

    def note_asked(self, prompt_key: MessageKey) -> None:
        """Take note that the prompt of this key is dealt with; so is one that was admitted and is asked under another."""
        self._asked.add(prompt_key)

    def note_deleted(self, key: MessageKey) -> None:
        """Take note that a message is deleted: if it holds a prompt that is yet to be asked, that is dealt with."""
        self._deleted.add(key)

    def link(self, answer: Answer, key: MessageKey) -> None:
        """Let `key` (one of the answer's messages, or the message of its prompt) lead to `answer` while it runs."""
        if answer.id in self._by_id:
            self._by_key[key] = answer
            self._keys.setdefault(answer, set()).add(key)

    def remove(self, answer: Answer) -> None:
        """Forget an answer that is done; its prompt's key stays known."""
        self._by_id.pop(answer.id, None)
        for key in self._keys.pop(answer, ()):
            self._by_key.pop(key, None)

    def asked(self, prompt_key: MessageKey) -> bool:
        """Whether a prompt of this key has been taken, lately or now, or is deleted."""
        return prompt_key in self._asked or prompt_key in self._deleted

    def deleted(self, key: MessageKey) -> bool:
        """Whether the message of this key was deleted lately."""
        return key in self._deleted

    def find(self, key: MessageKey) -> Answer | None:
        """Return the running answer that owns the message `key`, or whose prompt it is."""
        return self._by_key.get(key)

    def answering(self, source: MessageKey) -> list[Answer]:
        """Return the answers to the question in the message `source` that have not ended, repeated ones among them."""
        return [each for each in self._by_id.values() if each.prompt.source == source and not each.over]

    def by_id(self, answer_id: str) -> Answer | None:
        """Return the running answer of this id."""
        return self._by_id.get(answer_id)

    def running(self, *, place: PlaceKey | None = None, asker: PersonKey | None = None) -> list[Answer]:
        """Return the running answers, oldest first, of a place or an asker if given."""
        return [
            answer
            for answer in self._by_id.values()
            if place in (None, answer.prompt.place) and asker in (None, answer.prompt.asker)
        ]

    def __len__(self) -> int:
        return len(self._by_id)
