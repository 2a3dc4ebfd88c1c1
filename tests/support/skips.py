"""The option `--no-skips`: what would be skipped fails, as in CI, where every test is promised to run."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--no-skips", action="store_true", help="a skipped test fails")


# Outermost, because an expected failure is reported as a skip first, and marked then.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at a test."""
    report = yield
    return _ran(report, item.config)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Look at a module, which can be skipped as a whole."""
    report = yield
    return _ran(report, collector.config)


def _ran(report: Report, config: pytest.Config) -> Report:
    """Let a report of a skip be one of a failure, if that is asked for."""
    if config.getoption("no_skips") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason} (not allowed by --no-skips)"
    return report
