"""docs/providers.md equals the table."""

from engines.providers.fal.adapters import CLIPS, STILLS, Tier
from engines.providers.fal.describing import model_table
from settings import CHECKOUT

PAGE = (CHECKOUT / "docs" / "providers.md").read_text()


def test_the_page_holds_the_table() -> None:
    assert model_table() in PAGE, "python -m engines.providers.fal.describing prints it"


def test_the_page_names_each_tiers_models() -> None:
    for tier in Tier:
        line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{tier}` |"))
        assert f"`{STILLS[tier].name}`" in line
        assert f"`{CLIPS[tier].name}`" in line
