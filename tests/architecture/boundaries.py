"""Reads the imports and a few names of a module's source, and says where they break the design's boundaries."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One module: its dotted name, and its syntax tree."""

    module: str
    tree: ast.Module
    is_package: bool = False

    def imports(self) -> Iterator[tuple[str, int]]:
        """Yield the dotted name of everything that is imported anywhere in it, with the line."""
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names=names):
                    yield from ((name.name, node.lineno) for name in names)
                case ast.ImportFrom(module=module, names=names, level=level):
                    base = self._absolute(module or "", level)
                    yield from ((f"{base}.{name.name}", node.lineno) for name in names)
                case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _is_dynamic_import(node.func):
                    yield name, node.lineno

    def _absolute(self, module: str, level: int) -> str:
        if not level:
            return module
        parts = self.module.split(".")
        package = parts if self.is_package else parts[:-1]
        return ".".join([*package[: len(package) - level + 1], *filter(None, [module])])


@dataclass(frozen=True, slots=True)
class Breach:
    """One line that breaks a boundary."""

    module: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.what}"


Rule = Callable[[Source], Iterable[Breach]]

PLATFORM_LIBRARIES = ("discord", "slack_bolt", "slack_sdk")

DATABASE_LIBRARIES = ("sqlalchemy", "alembic", "aiosqlite", "asyncpg", "sqlite3")

PURE = (
    "core.access",
    "core.budget",
    "core.catalogue",
    "core.costs",
    "core.draft",
    "core.files.images",
    "core.files.limits",
    "core.files.names",
    "core.files.problems",
    "core.files.reading",
    "core.files.text",
    "core.files.words",
    "core.languages",
    "core.model.chunks",
    "core.model.redact",
    "core.model.sse",
    "core.model.think_tags",
    "core.names",
    "core.overflow",
    "core.pacing",
    "core.personas",
    "core.prompt",
    "core.quota",
    "core.reasoning",
    "core.registry",
    "core.render",
    "core.store.records",
    "core.store.schema",
    "core.tokens",
    "core.view",
    "core.words",
)
"""Modules and packages that take `now` and never wait."""


def read(path: Path, root: Path) -> Source:
    """Return the module at `path`, named from `root`."""
    parts = path.relative_to(root).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Source(name, ast.parse(path.read_text(encoding="utf-8"), str(path)), is_package)


def breaches(source: Source) -> list[Breach]:
    """Return every breach in one module."""
    return [breach for rule in RULES for breach in rule(source)]


def within(name: str, package: str) -> bool:
    """Whether the dotted name is `package` or something inside it."""
    return name == package or name.startswith(f"{package}.")


def _forbid(where: str, *packages: str, besides: tuple[str, ...] = ()) -> Rule:
    """Make the rule that modules within `where` (but not within `besides`) import none of `packages`."""

    def rule(source: Source) -> Iterator[Breach]:
        if not within(source.module, where) or any(within(source.module, part) for part in besides):
            return
        for name, line in source.imports():
            if any(within(name, package) for package in packages):
                yield Breach(source.module, line, f"imports {name}")

    return rule


def _environment(source: Source) -> Iterator[Breach]:
    """Let only bots.settings.section read the environment."""
    if source.module == "bots.settings.section":
        return
    names = {"environ", "environb", "getenv", "getenvb"}
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr=attribute) if attribute in names:
                yield Breach(source.module, node.lineno, f"reads os.{attribute}")
            case ast.ImportFrom(module="os", names=imported):
                for name in imported:
                    if name.name in names:
                        yield Breach(source.module, node.lineno, f"imports os.{name.name}")


def _pure(source: Source) -> Iterator[Breach]:
    """Keep waiting and logging out of the pure modules."""
    if not any(within(source.module, pure) for pure in PURE):
        return
    for name, line in source.imports():
        if name.split(".")[0] in {"asyncio", "time", "logging", "structlog"}:
            yield Breach(source.module, line, f"is pure and imports {name}")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield Breach(source.module, node.lineno, "is pure and waits")


def _blocking_sleep(source: Source) -> Iterator[Breach]:
    """Keep time.sleep out of everything: it stops the whole loop."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(value=ast.Name(id="time"), attr="sleep"):
                yield Breach(source.module, node.lineno, "blocks with time.sleep")
            case ast.ImportFrom(module="time", names=names) if any(name.name == "sleep" for name in names):
                yield Breach(source.module, node.lineno, "imports time.sleep")


def _is_dynamic_import(function: ast.expr) -> bool:
    match function:
        case ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"):
            return True
    return False


RULES: tuple[Rule, ...] = (
    _forbid("core", *PLATFORM_LIBRARIES, "bots", "tests"),
    _forbid("bots", "tests"),
    _forbid("bots.discord", "slack_bolt", "slack_sdk", "bots.slack", "bots.sandbox"),
    _forbid("bots.slack", "discord", "bots.discord", "bots.sandbox"),
    _forbid("bots.sandbox", *PLATFORM_LIBRARIES, "bots.discord", "bots.slack"),
    _forbid("core", "openai", besides=("core.model.client",)),
    _forbid("bots", "openai"),
    _forbid("core", *DATABASE_LIBRARIES, besides=("core.store",)),
    _forbid("bots", *DATABASE_LIBRARIES),
    _forbid("core.store", "core.answering", "core.streamer"),
    _forbid("core", "pydantic_settings"),
    _forbid("bots", "pydantic_settings", besides=("bots.settings.section",)),
    _environment,
    _pure,
    _blocking_sleep,
)
