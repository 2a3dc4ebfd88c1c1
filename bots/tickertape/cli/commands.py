"""The command line. Commands import what they need when they run, so that `--help` answers at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tickertape.cli.exit_code import ExitCode
from tickertape.version import __version__

if TYPE_CHECKING:
    from tickertape.settings import Settings

cli = typer.Typer(
    name="tickertape",
    help="Stream answers of any OpenAI-compatible model into Discord and Slack.",
    epilog="Settings come from the environment, .env and tickertape.toml, in this order. bots/README.md lists them all.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its boxes show local variables, and with them keys
    context_settings={"help_option_names": ["-h", "--help"]},
)

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help="The TOML file.",
        show_default="$TICKERTAPE_CONFIG, then tickertape.toml",
        dir_okay=False,
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tickertape {__version__}")
        raise typer.Exit


@cli.callback()
def main(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Stream answers of any OpenAI-compatible model into Discord and Slack."""


@cli.command()
def run(config: Config = None) -> None:
    """Serve every platform whose credentials are set, until SIGTERM or Ctrl-C.

    Ends with 0 after a signal, 1 after a failure, 2 if something has to be set up first.
    """
    from tickertape.cli import terminal
    from tickertape.cli.composition import readiness

    settings = _load(config)
    platforms = readiness(settings)
    _require(settings)
    terminal.print_start(terminal.console(), __version__, settings, platforms)
    raise typer.Exit(asyncio.run(_serve(settings)))


@cli.command()
def check(config: Config = None) -> None:
    """Ask each platform and the model's gateway whether everything works, and say what to fix; change nothing.

    Ends with 0 if all is well, 1 if something is to fix, 2 if nothing is set or the settings cannot be read.
    """
    from tickertape.cli import terminal
    from tickertape.cli.check import check_all
    from tickertape.cli.composition import readiness

    settings = _load(config)
    if not any(platform.wanted for platform in readiness(settings)):
        _require(settings)
    findings = asyncio.run(check_all(settings))
    terminal.print_findings(terminal.console(), findings)
    raise typer.Exit(ExitCode.OK if all(finding.ok for finding in findings) else ExitCode.FAILED)


@cli.command()
def demo(
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep everything running, and print the addresses.")
    ] = False,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="With --serve: end after this many seconds.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write a picture of both answers growing, as SVG.")
    ] = None,
) -> None:
    """Watch the real bot answer in a local Discord and a local Slack; needs no account.

    Reads no settings either: what you have set, such as TICKERTAPE_LANGUAGE, has no effect here.
    """
    if seconds is not None and not serve:
        raise typer.BadParameter("only has a meaning with --serve", param_hint="--seconds")
    from tickertape.demo import run_demo

    raise typer.Exit(asyncio.run(run_demo(serve=serve, seconds=seconds, picture=picture)))


def _load(config: Path | None) -> Settings:
    """Return the settings and set the log up, or say what is wrong and end."""
    from tickertape.cli import logs, terminal
    from tickertape.configuration import SettingsError, load

    try:
        settings = load(config)
    except SettingsError as error:
        terminal.print_problems(
            terminal.console(stderr=True), "The settings have to be corrected:", error.problems
        )
        raise typer.Exit(ExitCode.SETUP) from None
    logs.configure(level=settings.log.level, style=settings.log.format, secrets=settings.secrets())
    return settings


def _require(settings: Settings) -> None:
    """Say exactly what is missing and end, unless there is a model and at least one platform."""
    from tickertape.cli import terminal
    from tickertape.cli.composition import not_set, readiness

    platforms = readiness(settings)
    problems = [f"Model: {not_set(settings.missing)}"] if settings.missing else []
    if not any(platform.ready for platform in platforms):
        problems += [f"{platform.name}: {not_set(platform.missing)}" for platform in platforms]
        problems.append("One platform is enough. `tickertape demo` needs neither.")
    if problems:
        terminal.print_problems(terminal.console(stderr=True), "Nothing can run yet:", problems)
        raise typer.Exit(ExitCode.SETUP)


async def _serve(settings: Settings) -> ExitCode:
    """Run the app and print what its platforms did not accept."""
    import structlog

    from tickertape.cli import terminal
    from tickertape.cli.app import run_until_signalled
    from tickertape.cli.composition import compose
    from tickertape.durable.store import StoreError
    from tickertape.languages import ENGLISH

    try:
        code, problems = await run_until_signalled(lambda: compose(settings))
    except StoreError as error:
        structlog.get_logger(__name__).error("database_unusable", detail=error.detail)
        terminal.print_problems(
            terminal.console(stderr=True),
            "The database cannot be used:",
            [f"{ENGLISH.say(error.sentence)} {error.fix}"],
        )
        return ExitCode.SETUP
    terminal.print_refusals(terminal.console(stderr=True), problems)
    return code
