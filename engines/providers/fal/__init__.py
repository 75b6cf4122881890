"""Pictures and clips from fal's queue."""

from engines.providers.fal.adapters import Choice, choose
from engines.providers.fal.client import FalClient
from engines.providers.fal.planning import BudgetPlanner

__all__ = ["BudgetPlanner", "Choice", "FalClient", "choose"]
