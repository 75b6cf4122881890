"""The styles: how each one looks, in words and colours, and what it shows when the artist gives no prompt.

Each module of this package is one style. `engines.styles` has a module of the same name: how it is drawn. A new
style is these two files (docs/how-to/add-a-style.md).
"""

import difflib
import importlib
import pkgutil
import re
from collections.abc import Mapping
from types import MappingProxyType

from models.failures import InvalidInput
from models.styles._row import Style

__all__ = ["STYLES", "STYLE_MODULES", "Style", "find_style", "search_styles"]


def _rows() -> dict[str, Style]:
    names = (module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    rows = {name: importlib.import_module(f"{__name__}.{name}").STYLE for name in names}
    return dict(sorted(rows.items(), key=lambda row: row[1].place))


_ROWS: Mapping[str, Style] = _rows()

STYLES: tuple[Style, ...] = tuple(_ROWS.values())
"""In the order of the form."""

STYLE_MODULES: Mapping[str, str] = MappingProxyType({style.slug: name for name, style in _ROWS.items()})
"""The module's name of each style, by slug: here and in `engines.styles`."""


def find_style(name_or_slug: str) -> Style:
    """The style of a name or slug.

    Args:
        name_or_slug: "Film Noir", "film-noir", " film  NOIR ".

    Returns:
        The style.

    Raises:
        InvalidInput: There is none of that name; the sentence names the closest ones.
    """
    wanted = _folded(name_or_slug)
    by_key = {_folded(style.name): style for style in STYLES}
    if wanted in by_key:
        return by_key[wanted]
    close = difflib.get_close_matches(wanted, by_key, n=3, cutoff=0.5)
    matches = [by_key[key] for key in close] or list(search_styles(name_or_slug))[:3]
    advice = (
        f"did you mean {' or '.join(style.name for style in matches)}?"
        if matches
        else f"see `styles` for all {len(STYLES)}."
    )
    raise InvalidInput(f"There is no style “{name_or_slug.strip()[:60]}”; {advice}", code="unknown_style")


def search_styles(text: str) -> tuple[Style, ...]:
    """Styles for a search field: every word must begin a word of the name, the keywords or the look.

    Args:
        text: What was typed; empty finds all.

    Returns:
        Matches in the name first, then in the keywords, then in the look; within each the form's order.
    """
    words = re.findall(r"\w+", text.lower())

    def rank(style: Style) -> int | None:
        pools = (style.name, f"{style.name} {' '.join(style.keywords)}", f"{style.name} {style.style_words}")
        for place, pool in enumerate(pools):
            known = re.findall(r"\w+", pool.lower())
            if all(any(entry.startswith(word) for entry in known) for word in words):
                return place
        return None

    ranked = [(place, style) for style in STYLES if (place := rank(style)) is not None]
    return tuple(style for _, style in sorted(ranked, key=lambda pair: pair[0]))


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
