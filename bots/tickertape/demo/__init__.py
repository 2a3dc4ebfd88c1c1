"""The demo: the real bot in a local Discord and a local Slack, shown live in the terminal, with a report."""

from __future__ import annotations

from tickertape.demo.show import run_demo

__all__ = ["run_demo"]
