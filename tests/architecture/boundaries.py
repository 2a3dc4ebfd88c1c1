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
    "tickertape.rules.access",
    "tickertape.discord.keys",
    "tickertape.slack.keys",
    "tickertape.screen.budget",
    "tickertape.memory.catalogue",
    "tickertape.rules.costs",
    "tickertape.screen.draft",
    "tickertape.files.images",
    "tickertape.files.limits",
    "tickertape.files.names",
    "tickertape.files.problems",
    "tickertape.files.reading",
    "tickertape.files.text",
    "tickertape.files.words",
    "tickertape.languages",
    "tickertape.model.chunks",
    "tickertape.model.redact",
    "tickertape.model.sse",
    "tickertape.model.think_tags",
    "tickertape.screen.overflow",
    "tickertape.screen.pacing",
    "tickertape.memory.personas",
    "tickertape.prompts",
    "tickertape.rules.quota",
    "tickertape.model.reasoning",
    "tickertape.answer.registry",
    "tickertape.render",
    "tickertape.durable.store.records",
    "tickertape.durable.store.schema",
    "tickertape.memory.tokens",
    "tickertape.screen.view",
    "tickertape.languages.words",
)
"""Modules and packages that take `now` and never wait."""


ROOT = Path(__file__).parents[2]
SOURCE_ROOTS = (ROOT / "core", ROOT / "bots")
"""The two source roots of the one namespace package `tickertape`."""

NAMESPACE = "tickertape"

BOTS = tuple(
    f"{NAMESPACE}.{path.stem}"
    for path in sorted((ROOT / "bots" / NAMESPACE).iterdir())
    if path.name != "__pycache__" and path.suffix in {"", ".py"}
)
"""The packages and modules of the source root `bots`; every other one is the core's."""


def read(path: Path, root: Path) -> Source:
    """Return the module at `path`, named from `root`."""
    parts = path.relative_to(root).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Source(name, ast.parse(path.read_text(encoding="utf-8"), str(path)), is_package)


def read_all() -> list[Source]:
    """Return every module of the product."""
    return [read(path, root) for root in SOURCE_ROOTS for path in sorted(root.rglob("*.py"))]


def breaches(source: Source) -> list[Breach]:
    """Return every breach in one module."""
    return [breach for rule in RULES for breach in rule(source)]


def within(name: str, package: str) -> bool:
    """Whether the dotted name is `package` or something inside it."""
    return name == package or name.startswith(f"{package}.")


def is_core(module: str) -> bool:
    """Whether a module is one of the core."""
    return within(module, NAMESPACE) and not any(within(module, part) for part in BOTS)


def _forbid(where: tuple[str, ...], *packages: str, besides: tuple[str, ...] = ()) -> Rule:
    """Make the rule that modules within `where` (but not within `besides`) import none of `packages`."""

    def rule(source: Source) -> Iterator[Breach]:
        if _is_in(source.module, where) and not _is_in(source.module, besides):
            yield from _imports_of(source, packages)

    return rule


def _forbid_core(*packages: str, besides: tuple[str, ...] = ()) -> Rule:
    """Make the rule that the core, but for `besides`, imports none of `packages`."""

    def rule(source: Source) -> Iterator[Breach]:
        if is_core(source.module) and not _is_in(source.module, besides):
            yield from _imports_of(source, packages)

    return rule


def _is_in(module: str, packages: tuple[str, ...]) -> bool:
    return any(within(module, package) for package in packages)


def _imports_of(source: Source, packages: tuple[str, ...]) -> Iterator[Breach]:
    for name, line in source.imports():
        if _is_in(name, packages):
            yield Breach(source.module, line, f"imports {name}")


def _environment(source: Source) -> Iterator[Breach]:
    """Let only tickertape.settings.section read the environment."""
    if source.module == "tickertape.settings.section":
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


DISCORD, SLACK, SANDBOX = (f"{NAMESPACE}.{name}" for name in ("discord", "slack", "sandbox"))
_STORE = f"{NAMESPACE}.durable.store"

RULES: tuple[Rule, ...] = (
    _forbid_core(*PLATFORM_LIBRARIES, *BOTS, "tests", "pydantic_settings"),
    _forbid_core("openai", besides=(f"{NAMESPACE}.model.client",)),
    _forbid_core(*DATABASE_LIBRARIES, besides=(_STORE,)),
    _forbid(BOTS, "tests", "openai", *DATABASE_LIBRARIES),
    _forbid(BOTS, "pydantic_settings", besides=(f"{NAMESPACE}.settings.section",)),
    _forbid((DISCORD,), "slack_bolt", "slack_sdk", SLACK, SANDBOX),
    _forbid((SLACK,), "discord", DISCORD, SANDBOX),
    _forbid((SANDBOX,), *PLATFORM_LIBRARIES, DISCORD, SLACK),
    _forbid((_STORE,), f"{NAMESPACE}.answer.answering", f"{NAMESPACE}.screen.streamer"),
    _environment,
    _pure,
    _blocking_sleep,
)
