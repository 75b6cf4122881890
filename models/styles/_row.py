"""What a style is made of; the modules beside this one hold one each."""

from pydantic import Field

from models.base import Model
from models.storyboard import Framing

PLAIN_FAULTS = "text, watermark, logo, caption, deformed anatomy, extra limbs, blurry, low resolution"
"""What no picture should show, whatever its style."""


class StylePicture(Model):
    """What a style shows on the wall of styles, in words of its default direction."""

    framing: Framing
    words: str
    take: int = Field(description="chosen by eye from ten: another number is another picture")
    people: int = 1


class Style(Model):
    """One style.

    `default_direction` is a whole brief: what it names (places, hours, weather, people, things) also fills in what an
    artist's own prompt leaves open.
    """

    place: int = Field(description="in the form, from 1; a free number, the next one for a new style")
    slug: str
    name: str
    simple: bool = Field(default=False, description="simple styles are made faster than complex ones")
    style_words: str = Field(description="the look, as one block for the end of an image prompt")
    negative_words: str = Field(description="what an image model should keep out")
    palette: tuple[str, ...] = Field(description="`#rrggbb`, darkest first")
    default_direction: str
    keywords: tuple[str, ...] = Field(default=(), description="further words under which people look for it")
    picture: StylePicture
