"""From a scene's documents to what a provider is asked for, and where the answer is stored."""

from collections.abc import Callable
from dataclasses import dataclass

from activities.imagery import prompt_of
from activities.ports import MediaShop, ObjectStore
from activities.steps import load
from models.paid_media import PieceKind, PieceOrder, PieceRequest
from models.profiles import PROFILES
from models.routing import footage_key, portrait_key, still_key
from models.storyboard import SequencePlan
from models.styles import find_style
from models.treatment import Treatment

ShareUrl = Callable[[str], str]
"""Makes a link to an object that a provider can follow."""

ENLARGED = ".enlarged.jpg"
"""Beside a picture that is too small for clip models, and removed with it."""


@dataclass(frozen=True)
class Wanted:
    """A piece, ready to be asked for."""

    request: PieceRequest
    images: list[str]


class Pieces:
    """Reads what an order needs.

    Args:
        objects: Where documents and pictures lie.
        share_url: Links for providers; None where they cannot reach our store, so pictures travel in the request.
    """

    def __init__(self, objects: ObjectStore, share_url: ShareUrl | None) -> None:
        self._objects = objects
        self._share_url = share_url

    def duration_s(self, order: PieceOrder) -> float:
        """How long a clip must be; 0 for pictures."""
        if order.kind is not PieceKind.CLIP:
            return 0.0
        scene = load(self._objects, order.plan_key, SequencePlan).scenes[order.scene_index]
        return float(scene.frame_count / PROFILES[order.profile].fps)

    def wanted(self, order: PieceOrder, shop: MediaShop) -> Wanted:
        """What to ask for; pictures are made ready for this shop."""
        if order.kind is PieceKind.PORTRAIT:
            return Wanted(self._portrait(order), [])
        prompt = prompt_of(self._objects, order.prompts_key, order.scene_index)
        if order.kind is PieceKind.STILL:
            request = PieceRequest(
                kind=order.kind,
                prompt=prompt.image_prompt,
                negative_prompt=prompt.negative_prompt,
                seed=prompt.seed,
                model=order.model,
            )
            drawn = [portrait_key(order.account_id, order.video_id, who) for who in prompt.character_ids]
            # Locked references come with the prompt; a character has either those or a portrait drawn for this video.
            keys = [*prompt.reference_keys, *(key for key in drawn if self._objects.size(key) is not None)]
            return Wanted(request, [self._image(key, shop, order.remedy) for key in keys])
        request = PieceRequest(
            kind=order.kind,
            prompt=prompt.motion_prompt or prompt.image_prompt,
            negative_prompt=prompt.negative_prompt,
            seed=prompt.seed,
            duration_s=self.duration_s(order),
            model=order.model,
        )
        first = still_key(order.account_id, order.video_id, order.still_scene, order.still)
        return Wanted(request, [self._image(first, shop, order.remedy)])

    def key_of(self, order: PieceOrder, digest: str) -> str:
        """Where a piece is stored."""
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

    def _image(self, key: str, shop: MediaShop, remedy: str) -> str:
        """A picture as the shop's models can read it: a link, unless one did not work or there is none."""
        picture = self._objects.get_bytes(key)
        if self._share_url is None or remedy:
            return shop.inline(picture, remedy)
        larger = shop.enlarged(picture)
        if larger is None:
            return self._share_url(key)
        enlarged = f"{key}{ENLARGED}"
        if self._objects.size(enlarged) is None:
            self._objects.put_bytes(enlarged, larger, "image/jpeg")
        return self._share_url(enlarged)
