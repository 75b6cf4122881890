"""A run's payments to providers: one line per call or job."""

from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import Field

from models.base import Model
from models.paid_media import Job
from models.progress import StageName

MICRO_USD = 1_000_000
"""Money is counted in whole millionths of a dollar: cents are too coarse for tokens, and floats don't add up."""


class PaidCall(Model):
    """One paid call or job. `key` is the provider's own id, so that writing it twice counts once."""

    key: str = Field(description="`provider/id`, where the id is the provider's own")
    provider: str = Field(description="`anthropic` or `fal`")
    model: str = Field(description="the model or endpoint that was paid for")
    cost_micro_usd: int | None = Field(default=None, ge=0, description="None: no price is known for the model")
    price_assumed: bool = Field(default=False, description="the model has no price of its own: the highest is assumed")
    input_tokens: int = Field(default=0, ge=0, description="neither read from a cache nor written to it")
    cache_read_tokens: int = Field(default=0, ge=0)
    cache_write_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    outcome: str = Field(default="used", description="the outcome: `used`, `refused`, `truncated`, …")
    possible: bool = Field(default=False, description="whether it may be missing from the provider's bill")
    at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Spending(PaidCall):
    """A paid call, and the run that it was made for."""

    account_id: str
    video_id: str
    stage: StageName
    scene_index: int | None = None


class SpendingLine(Model):
    """All calls of one stage to one model."""

    stage: StageName
    provider: str
    model: str
    calls: int
    cost_micro_usd: int
    possible_micro_usd: int = Field(default=0, description="the part of the cost that may be missing from the bill")
    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0


class SpendingReport(Model):
    """The cost of a run so far: the provider's own bill lies between the certain part and the sum."""

    cost_micro_usd: int = Field(default=0, description="certain and possible together")
    certain_micro_usd: int = Field(default=0, description="on the providers' bills for sure")
    possible_micro_usd: int = Field(
        default=0, description="beyond that: answers that were lost, refusals that may be billed, jobs under way"
    )
    calls: int = 0
    unpriced_calls: int = Field(default=0, description="calls of models without a known price; not in the sum")
    assumed_calls: int = Field(default=0, description="calls in the sum whose model's price is not known")
    lines: tuple[SpendingLine, ...] = ()

    @property
    def cost_usd(self) -> float:
        """The sum in dollars, for people."""
        return self.cost_micro_usd / MICRO_USD


def report_on(spendings: Iterable[Spending], under_way_micro_usd: int = 0) -> SpendingReport:
    """Add up payments, by stage and model in the order of their first call.

    Args:
        spendings: The lines of a run.
        under_way_micro_usd: The most that open jobs may cost, in millionths of a dollar.

    Returns:
        The sums; open jobs count as possible and have no line yet.
    """
    groups: dict[tuple[StageName, str, str], list[Spending]] = {}
    for spending in spendings:
        groups.setdefault((spending.stage, spending.provider, spending.model), []).append(spending)
    every = [spending for group in groups.values() for spending in group]
    possible = sum(spending.cost_micro_usd or 0 for spending in every if spending.possible) + under_way_micro_usd
    certain = sum(spending.cost_micro_usd or 0 for spending in every if not spending.possible)
    return SpendingReport(
        cost_micro_usd=certain + possible,
        certain_micro_usd=certain,
        possible_micro_usd=possible,
        calls=len(every),
        unpriced_calls=sum(spending.cost_micro_usd is None for spending in every),
        assumed_calls=sum(spending.price_assumed for spending in every),
        lines=tuple(
            SpendingLine(
                stage=stage,
                provider=provider,
                model=model,
                calls=len(group),
                cost_micro_usd=sum(spending.cost_micro_usd or 0 for spending in group),
                possible_micro_usd=sum(spending.cost_micro_usd or 0 for spending in group if spending.possible),
                input_tokens=sum(spending.input_tokens for spending in group),
                cache_read_tokens=sum(spending.cache_read_tokens for spending in group),
                cache_write_tokens=sum(spending.cache_write_tokens for spending in group),
                output_tokens=sum(spending.output_tokens for spending in group),
            )
            for (stage, provider, model), group in groups.items()
        ),
    )


def spending_of(spendings: Iterable[Spending], jobs: Iterable[Job]) -> SpendingReport:
    """What a run has paid, and may still pay for jobs that have not ended."""
    under_way = sum(job.price_micro_usd * job.charges for job in jobs if job.ended_at is None)
    return report_on(spendings, under_way)
