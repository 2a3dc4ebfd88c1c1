"""What the commands print: the start-up, what is missing, what `check` found. Text for a rich console."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tickertape.cli.app import SetupProblem
from tickertape.cli.composition import DISCORD, SLACK, Readiness, not_set
from tickertape.finding import Finding
from tickertape.settings import Settings

_WIDTH_OF_A_FILE = 160
"""Columns when the output is no terminal: rich's 80 would break every sentence."""


def console(*, stderr: bool = False) -> Console:
    """Return a console that prints text as it is: no markup, no highlighting."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not made.is_terminal:
        made.width = _WIDTH_OF_A_FILE
    return made


def print_start(out: Console, version: str, settings: Settings, platforms: Sequence[Readiness]) -> None:
    """Print what is about to run, and what is off and why."""
    out.print(f"Tickertape {version}", style="bold")
    for entry in settings.model_entries:
        chosen = (
            " (default)" if entry.name == settings.default_model and len(settings.model_entries) > 1 else ""
        )
        out.print(f"  Model    {entry.name} at {entry.base_url}{chosen}")
    servers = {DISCORD: settings.discord.api_url, SLACK: settings.slack.api_url}
    for platform in platforms:
        out.print(Text(f"  {platform.name:<8} ").append_text(_state(platform, servers[platform.name])))


def _state(platform: Readiness, server: str | None) -> Text:
    if platform.ready:
        return Text("on" + (f", on the server {urlsplit(server).netloc}" if server else ""), style="green")
    return Text(f"off: {not_set(platform.missing)}", style="yellow" if platform.wanted else "dim")


def print_problems(out: Console, headline: str, problems: Iterable[str]) -> None:
    """Print a headline and one line for each problem."""
    out.print(headline, style="bold red")
    for problem in problems:
        out.print(f"  • {problem}")


def print_refusals(out: Console, problems: Iterable[SetupProblem]) -> None:
    """Print what platforms did not accept and what to do about it."""
    for problem in problems:
        out.print(f"{problem.platform}: {problem.problem}", style="bold red")
        out.print(f"  What to do: {problem.fix}")


def print_findings(out: Console, findings: Sequence[Finding]) -> None:
    """Print a table of what was checked, and what to fix."""
    table = Table("", "Checked", "Problem", "What to do", box=None, pad_edge=False)
    for finding in findings:
        mark = Text("ok", style="green") if finding.ok else Text("!!", style="bold red")
        table.add_row(mark, Text(finding.subject), Text(finding.problem), Text(finding.fix))
    out.print(table)
    wrong = sum(not finding.ok for finding in findings)
    out.print("All is well." if not wrong else f"{wrong} of {len(findings)} to fix.")
