"""The presets' pictures, and previews of Enhance Prompt."""

from models.brief import Brief, EnhanceRequest
from models.failures import NotFound
from models.style_pictures import style_picture_key
from models.styles import STYLES, Style
from services.app import App
from services.failures import missing_is
from services.thumbnails import thumbnail
from temporal.brief_previews import enhance_brief

PICTURE_WIDTH = 480
_BY_SLUG = {style.slug: style for style in STYLES}


def painted_styles(app: App) -> frozenset[str]:
    """The slugs of presets with a painted picture."""
    keys = set(app.stores.objects.list_keys("styles/"))
    return frozenset(style.slug for style in STYLES if style_picture_key(style) in keys)


def style_picture(app: App, slug: str) -> tuple[Style, bytes]:
    """A preset and its picture as WebP, `PICTURE_WIDTH` pixels wide.

    Raises:
        NotFound: There is no such style, or its picture is not painted yet.
    """
    style = _BY_SLUG.get(slug)
    if style is None:
        raise NotFound("There is no such style.")
    with missing_is(NotFound("This style's picture is not drawn yet.")):
        return style, thumbnail(app.stores.objects, style_picture_key(style), PICTURE_WIDTH)


async def preview_prompt(app: App, account_id: str, brief: Brief) -> str:
    """The director's expansion of a short prompt; nothing is stored, and it is free.

    Raises:
        ProviderUnavailable: No answer comes in time.
    """
    return (await enhance_brief(app.client, EnhanceRequest(account_id=account_id, brief=brief))).prompt
