"""Calls to Discord, the budgets that they draw on, and what comes of them."""
