"""What outlives the process: conversations, answers and what they took, preferences. SQLite, or PostgreSQL."""

from __future__ import annotations

from core.store.backends import DatabaseSettings
from core.store.database import Inspection, inspect
from core.store.errors import StoreError
from core.store.store import Store

__all__ = ["DatabaseSettings", "Inspection", "Store", "StoreError", "inspect"]
