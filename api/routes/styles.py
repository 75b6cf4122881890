"""The presets, each with a picture; public, because the log-in page shows them too."""

from typing import Annotated

from fastapi import Path, Query, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.deps import BackendOf, Writer, limit, refuse_unverified
from api.docs import errors
from api.problems import not_found
from api.routes.songs import Search
from api.shapes import PREFIX, WHOLE, Page, StyleShape, StyleSlug, style_shape
from api.thumbnails import MEDIA_TYPE, thumbnail
from models.base import Model
from models.brief import PROMPT_MAX_CHARS, Brief, EnhanceRequest
from models.failures import NotStored
from models.style_pictures import style_picture_digest, style_picture_key
from models.styles import STYLES, Style, search_styles
from workflows.clients import enhance_brief

router = admission.router("styles")

STYLE_PICTURES = "styles/"
PICTURE_WIDTH = 480
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_BY_SLUG = {style.slug: style for style in STYLES}
Slug = Annotated[str, Path(max_length=80, examples=["film-noir"])]


class ShortBrief(Model):
    """A prompt and its style."""

    prompt: str = Field(max_length=PROMPT_MAX_CHARS, examples=["A cyberpunk style android cyborg..."])
    style: StyleSlug = STYLES[0].slug
    seed: Annotated[int, WHOLE] = Field(
        default=0, strict=True, ge=0, lt=2**32, description="as it will be ordered with"
    )


class Enhanced(Model):
    """The prompt, expanded."""

    prompt: str


@router.get("/styles", summary="Search styles", responses=errors())
def search(backend: BackendOf, search: Search = "") -> Page[StyleShape]:
    """All that match, in the order of the form, those that match by name first."""
    drawn = set(backend.stores.objects.list_keys(STYLE_PICTURES))
    return Page(items=tuple(style_shape(style, _picture_url(style, drawn)) for style in search_styles(search)))


@router.post("/briefs/enhancement", summary="What a short prompt would become", responses=errors(401, 403, 429))
async def enhance(body: ShortBrief, caller: Writer, backend: BackendOf) -> Enhanced:
    """As Enhance Prompt would expand it; nothing is stored and nothing costs credits."""
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "enhance", caller.account_id)
    refuse_unverified(backend, caller)
    brief = Brief(prompt=body.prompt.strip(), style=body.style, enhance=True, seed=body.seed)
    made = await enhance_brief(backend.client, EnhanceRequest(account_id=caller.account_id, brief=brief))
    return Enhanced(prompt=made.prompt)


@router.get(
    "/styles/{slug}/picture",
    summary="A style's picture",
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "the picture"}, **errors(404)},
    response_class=Response,
)
def picture(
    slug: Slug, backend: BackendOf, v: Annotated[str, Query(max_length=40, description="the picture's digest")] = ""
) -> Response:
    """What the style makes of one and the same scene; never changes under its address."""
    style = _BY_SLUG.get(slug)
    if style is None:
        raise not_found("There is no such style.")
    try:
        data = thumbnail(backend.stores.objects, style_picture_key(style), PICTURE_WIDTH)
    except NotStored:
        raise not_found("This style's picture is not drawn yet.") from None
    return Response(data, headers=_FOREVER if v == style_picture_digest(style) else {}, media_type=MEDIA_TYPE)


def _picture_url(style: Style, drawn: set[str]) -> str | None:
    if style_picture_key(style) not in drawn:
        return None
    return f"{PREFIX}/styles/{style.slug}/picture?v={style_picture_digest(style)}"
