"""Pictures and clips from fal's queue."""

from engines.providers.fal.adapters import Choice, choose
from engines.providers.fal.planning import BudgetPlanner
from engines.providers.fal.shop import FalShop

__all__ = ["BudgetPlanner", "Choice", "FalShop", "choose"]
