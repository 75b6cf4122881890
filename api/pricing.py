"""What a generation will cost the house at providers, for its quote."""

from pydantic import Field

from api.deps import Backend
from api.problems import not_found
from models.base import Model
from models.failures import NotStored
from models.profiles import PROFILES
from models.song import SongAnalysis
from models.spending import MICRO_USD


class ProviderCost(Model):
    """What a generation's pictures and clips will cost the house at their provider, and how much is shown again."""

    estimate_usd: float = Field(examples=[6.42])
    scenes_made: int = Field(description="0: not known before the song is analysed", examples=[38])
    scenes_reprised: int = Field(examples=[6])
    reprise_share: float = Field(
        ge=0, le=1, examples=[0.136], description="Of all scenes, those that show an earlier take again."
    )


def provider_cost(backend: Backend, account_id: str, song_id: str) -> ProviderCost | None:
    """The estimate for a song; None where nothing is bought.

    Raises:
        Problem: The account has no such song.
    """
    settings, stores = backend.settings, backend.stores
    if settings.fal_key is None:
        return None
    # Late: the provider's client takes a third of a second to import, which those without a key need not wait for.
    from engines.estimating import SpendingEstimator

    try:
        song = stores.vault.song(account_id, song_id)
    except NotStored:
        raise not_found("There is no such song in your Vault.") from None
    analysis = None
    if song.analysis_key is not None:
        analysis = SongAnalysis.from_bytes(stores.objects.get_bytes(song.analysis_key))
    estimator = SpendingEstimator.of(*settings.media_choice())
    plan = estimator.estimate(song.duration_s, analysis, PROFILES[settings.profile])
    return ProviderCost(
        estimate_usd=plan.estimate_micro_usd / MICRO_USD,
        scenes_made=plan.made,
        scenes_reprised=plan.reprises,
        reprise_share=plan.reprise_share,
    )
