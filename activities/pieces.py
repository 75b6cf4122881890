"""From a scene's documents to the request for a provider, and the key for its answer."""

from collections.abc import Callable

from activities.imagery import prompt_of
from activities.ports.purchases import MediaProvider
from activities.ports.stores import ObjectStore
from activities.steps import load
from models.object_keys import footage_key, portrait_key, still_key
from models.paid_media import PieceKind, PieceOrder, PieceRequest
from models.profiles import PROFILES
from models.storyboard import SequencePlan
from models.styles import find_style
from models.treatment import Treatment

ShareUrl = Callable[[str], str]
"""Makes a link through which a provider can read an object."""

ENLARGED = ".enlarged.jpg"
"""Key suffix of the enlarged copy of a picture that is too small for clip models; removed with the picture."""


class Pieces:
    """Builds requests from stored documents and pictures.

    Args:
        objects: The store of documents and pictures.
        share_url: Makes links for providers; None if they cannot reach our store: pictures then travel inline.
    """

    def __init__(self, objects: ObjectStore, share_url: ShareUrl | None) -> None:
        self._objects = objects
        self._share_url = share_url

    def duration_s(self, order: PieceOrder) -> float:
        """The length of the clip to buy, in seconds; 0 for pictures."""
        if order.kind is not PieceKind.CLIP:
            return 0.0
        scene = load(self._objects, order.plan_key, SequencePlan).scene(order.scene_index)
        return float(scene.frame_count / PROFILES[order.profile].fps)

    def request(self, order: PieceOrder, provider: MediaProvider) -> PieceRequest:
        """The request, with pictures in the form that this provider's models accept."""
        if order.kind is PieceKind.PORTRAIT:
            return self._portrait(order)
        prompt = prompt_of(self._objects, order.prompts_key, order.scene_index)
        if order.kind is PieceKind.STILL:
            drawn = [portrait_key(order.account_id, order.video_id, who) for who in prompt.character_ids]
            # Locked references come with the prompt. A character has either those or a portrait drawn for this video.
            keys = [*prompt.reference_keys, *(key for key in drawn if self._objects.size(key) is not None)]
            return PieceRequest(
                kind=order.kind,
                prompt=prompt.image_prompt,
                images=tuple(self._image(key, provider, order.remedy) for key in keys),
                negative_prompt=prompt.negative_prompt,
                seed=prompt.seed,
                model=order.model,
            )
        first = still_key(order.account_id, order.video_id, order.still_scene, order.still)
        return PieceRequest(
            kind=order.kind,
            prompt=prompt.motion_prompt or prompt.image_prompt,
            images=(self._image(first, provider, order.remedy),),
            negative_prompt=prompt.negative_prompt,
            seed=prompt.seed,
            duration_s=self.duration_s(order),
            model=order.model,
        )

    def key_of(self, order: PieceOrder, digest: str) -> str:
        """The key under which a piece is stored."""
        if order.kind is PieceKind.PORTRAIT:
            return portrait_key(order.account_id, order.video_id, order.character_id)
        key = footage_key if order.kind is PieceKind.CLIP else still_key
        return key(order.account_id, order.video_id, order.scene_index, digest)

    def _portrait(self, order: PieceOrder) -> PieceRequest:
        treatment = load(self._objects, order.treatment_key, Treatment)
        character = next(one for one in treatment.characters if one.character_id == order.character_id)
        style = find_style(order.style)
        return PieceRequest(
            kind=order.kind,
            prompt=(
                f"Character reference: {character.name}, {character.description}. Alone, full figure, facing the "
                f"camera, neutral pose, plain background. {style.style_words}"
            ),
            negative_prompt=style.negative_words,
            model=order.model,
        )

    def _image(self, key: str, provider: MediaProvider, remedy: str) -> str:
        """A picture as a URL: a link, or a data URL if there is no link or the provider could not read it."""
        picture = self._objects.get_bytes(key)
        if self._share_url is None or remedy:
            return provider.inline(picture, remedy)
        larger = provider.enlarged(picture)
        if larger is None:
            return self._share_url(key)
        enlarged = f"{key}{ENLARGED}"
        if self._objects.size(enlarged) is None:
            self._objects.put_bytes(enlarged, larger, "image/jpeg")
        return self._share_url(enlarged)
