"""What a generation will cost the house at providers, for its quote."""

from pydantic import Field

from api.deps import Backend
from api.problems import not_found
from models.base import Model
from models.credits import PRICES, Operation, Quote
from models.failures import NotStored
from models.profiles import PROFILES
from models.song import SongAnalysis
from models.spending import MICRO_USD
from settings import Settings


class ProviderCost(Model):
    """What a generation's pictures and clips will cost the house at their provider, and how much is shown again."""

    estimate_usd: float = Field(examples=[6.42])
    scenes_made: int = Field(description="0: not known before the song is analysed", examples=[38])
    scenes_reprised: int = Field(examples=[6])
    reprise_share: float = Field(
        ge=0, le=1, examples=[0.136], description="Of all scenes, those that show an earlier take again."
    )


_NEXT = {Operation.GENERATE: "a scene's new clip in Studio", Operation.REGENERATE_IMAGE: "the scene's new clip"}
"""What one naturally wants afterwards; it costs what a new clip costs."""


def next_step(quote: Quote) -> str:
    """Say that what is quoted leaves too little for what naturally follows.

    Args:
        quote: Of an operation.

    Returns:
        A sentence; empty where enough is left, where nothing follows, and where the balance is below the price.
    """
    wanted, price = _NEXT.get(quote.operation), PRICES[Operation.REGENERATE_VIDEO]
    if wanted is None or not 0 <= quote.balance_after < price:
        return ""
    left = f"{quote.balance_after} credit{'' if quote.balance_after == 1 else 's'}"
    return f"This leaves {left}; {wanted} costs {price}."


def check_run_models(settings: Settings, still_model: str, clip_model: str) -> None:
    """Refuse models that cannot be bought from.

    Raises:
        InvalidInput: Nothing is bought here, or a name is not known.
    """
    if not (still_model or clip_model):
        return
    # Late: the provider's client takes a third of a second to import, which those without a key need not wait for.
    from engines.estimating import check_models

    check_models(settings.media_choice() if settings.fal_key is not None else None, still_model, clip_model)


def provider_cost(
    backend: Backend, account_id: str, song_id: str, still_model: str = "", clip_model: str = ""
) -> ProviderCost | None:
    """The estimate for a song; None where nothing is bought.

    Args:
        backend: Of this process.
        account_id: Whose song.
        song_id: Which.
        still_model: Wanted for the run; empty: the house's.
        clip_model: Likewise.

    Raises:
        Problem: The account has no such song.
        InvalidInput: A model is not known.
    """
    settings, stores = backend.settings, backend.stores
    check_run_models(settings, still_model, clip_model)
    if settings.fal_key is None:
        return None
    from engines.estimating import SpendingEstimator  # late, as above

    try:
        song = stores.vault.song(account_id, song_id)
    except NotStored:
        raise not_found("There is no such song in your Vault.") from None
    analysis = None
    if song.analysis_key is not None:
        analysis = SongAnalysis.from_bytes(stores.objects.get_bytes(song.analysis_key))
    estimator = SpendingEstimator.of(*settings.media_choice()).other(still_model, clip_model)
    plan = estimator.estimate(song.duration_s, analysis, PROFILES[settings.profile])
    return ProviderCost(
        estimate_usd=plan.estimate_micro_usd / MICRO_USD,
        scenes_made=plan.made,
        scenes_reprised=plan.reprises,
        reprise_share=plan.reprise_share,
    )
