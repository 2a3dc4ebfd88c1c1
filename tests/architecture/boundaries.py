"""Reads the imports and a few names of a module's source, and says where they break the design's boundaries."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
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


DISCORD, SLACK, SANDBOX = (f"{NAMESPACE}.{name}" for name in ("discord", "slack", "sandbox"))
_STORE = f"{NAMESPACE}.durable.store"


def read(path: Path, root: Path) -> Source:
    """Return the module at `path`, named from `root`."""
    parts = path.relative_to(root).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Source(name, ast.parse(path.read_text(encoding="utf-8"), str(path)), is_package)


@cache
def read_all() -> tuple[Source, ...]:
    """Return every module of the product."""
    return tuple(read(path, root) for root in SOURCE_ROOTS for path in sorted(root.rglob("*.py")))


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


def _blocking_sleep(source: Source) -> Iterator[Breach]:
    """Keep time.sleep out of everything: it stops the whole loop."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(value=ast.Name(id="time"), attr="sleep"):
                yield Breach(source.module, node.lineno, "blocks with time.sleep")
            case ast.ImportFrom(module="time", names=names) if any(name.name == "sleep" for name in names):
                yield Breach(source.module, node.lineno, "imports time.sleep")


OWN_FIELDS = {
    "Life": "tickertape.answer.states",
    "Answer": "tickertape.answer.answer",
    "Stream": "tickertape.screen.stream",
    "Lane": "tickertape.screen.pacing",
    "View": "tickertape.screen.view",
    "Draft": "tickertape.screen.draft",
}
"""Classes whose fields are written in one module alone: everybody else calls their methods, which are their moves."""

_MEET_NO_ANSWER = (SANDBOX, _STORE)
"""The stand-ins have messages and streams of their own, the store has rows; other rules keep answers out of both."""

_ELSEWHERE = frozenset({"answer"})
"""Fields whose names others use for fields of their own, and which nobody would write: a stream has one answer for good."""

_CHANGES = frozenset(
    {"add", "append", "clear", "discard", "extend", "insert", "pop", "remove", "set", "setdefault", "update"}
)
"""Methods that change what a field holds."""


def fields_of(name: str, module: str) -> frozenset[str]:
    """Return the public fields that the class `name` of `module` gives itself."""
    path = next(root / f"{module.replace('.', '/')}.py" for root in SOURCE_ROOTS
                if (root / f"{module.replace('.', '/')}.py").exists())  # fmt: skip
    classes = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef))
    (found,) = (each for each in classes if each.name == name)
    stored = (node for node in ast.walk(found) if isinstance(node, ast.Attribute) and _is_written(node))
    return (
        frozenset(each.attr for each in stored if _is_self(each.value) and not each.attr.startswith("_"))
        - _ELSEWHERE
    )


def _is_written(node: ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del)


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


FIELDS = {name: fields_of(name, module) for name, module in OWN_FIELDS.items()}


def _foreign_fields(source: Source) -> Iterator[Breach]:
    """Keep the fields of answers and streams from being written by anything but their own methods."""
    if _is_in(source.module, _MEET_NO_ANSWER):
        return
    theirs = {
        field: name
        for name, module in OWN_FIELDS.items()
        if module != source.module
        for field in FIELDS[name]
    }
    for node in ast.walk(source.tree):
        field = _written_field(node)
        if field is not None and field.attr in theirs:
            yield Breach(source.module, field.lineno, f"writes {field.attr} of a {theirs[field.attr]}")


def _written_field(node: ast.AST) -> ast.Attribute | None:
    """Return the attribute of something else than `self` that `node` assigns, or whose content it changes."""
    match node:
        case ast.Attribute(value=owner) if _is_written(node) and not _is_self(owner):
            return node
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=owner) as field, attr=method)):
            return field if method in _CHANGES and not _is_self(owner) else None
        case ast.Subscript(value=ast.Attribute(value=owner) as field, ctx=ast.Store() | ast.Del()):
            return None if _is_self(owner) else field
    return None


def _is_dynamic_import(function: ast.expr) -> bool:
    match function:
        case ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"):
            return True
    return False


RULES: tuple[Rule, ...] = (
    _forbid_core(*PLATFORM_LIBRARIES, *BOTS, "tests", "pydantic_settings"),
    _forbid_core("openai", besides=(f"{NAMESPACE}.model.client",)),
    _forbid_core(*DATABASE_LIBRARIES, besides=(_STORE,)),
    _forbid(BOTS, "tests", "openai", *DATABASE_LIBRARIES),
    _forbid(BOTS, "pydantic_settings", besides=(f"{NAMESPACE}.settings.section",)),
    _forbid((DISCORD,), "slack_bolt", "slack_sdk", SLACK, SANDBOX),
    _forbid((SLACK,), "discord", DISCORD, SANDBOX),
    _forbid((SANDBOX,), *PLATFORM_LIBRARIES, DISCORD, SLACK, f"{NAMESPACE}.answer"),
    _forbid(
        (_STORE,),
        *(f"{NAMESPACE}.answer.{name}" for name in ("answer", "answering", "registry", "running")),
        f"{NAMESPACE}.screen",
    ),
    _forbid((f"{NAMESPACE}.answer.registry",), "asyncio", "time", "logging", "structlog"),
    _environment,
    _blocking_sleep,
    _foreign_fields,
)
