"""What outlives the process: conversations, answers and what they took, preferences. SQLite, or PostgreSQL."""

from __future__ import annotations

from tickertape.durable.store.backends import DatabaseSettings
from tickertape.durable.store.database import Inspection, inspect
from tickertape.durable.store.errors import StoreError
from tickertape.durable.store.store import Store

__all__ = ["DatabaseSettings", "Inspection", "Store", "StoreError", "inspect"]
