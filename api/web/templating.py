"""Templates: everything is escaped, and a missing name is an error."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api.web import words
from api.web.assets import asset

FOLDER = Path(__file__).parent / "templates"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    for name in ("clock", "megabytes", "day", "minute", "machine_time", "amount", "change", "dollars"):
        environment.filters[name] = getattr(words, name)
    return environment


ENVIRONMENT = _environment()


def render(template: str, **context: object) -> str:
    """A page's HTML."""
    return ENVIRONMENT.get_template(template).render(**context)
