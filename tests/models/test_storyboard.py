import pytest

from models.storyboard import Framing, framing_named


@pytest.mark.parametrize(
    ("words", "framing"),
    [
        ("Close-up of a paper lantern", Framing.CLOSE_UP),
        ("a close up: rain on glass", Framing.CLOSE_UP),
        ("Closeup, eyes", Framing.CLOSE_UP),
        ("Extreme wide shot of the desert", Framing.EXTREME_WIDE),
        ("An aerial shot after midnight", Framing.AERIAL),
        ("Low-angle shot of a tower", Framing.LOW_ANGLE),
        ("Full moon over the sea", None),
        ("The city, then a close-up", None),
        ("", None),
    ],
)
def test_a_prompt_that_begins_with_a_framing_means_it(words: str, framing: Framing | None) -> None:
    assert framing_named(words) is framing


@pytest.mark.parametrize("framing", Framing)
def test_every_framing_is_understood_by_its_own_name(framing: Framing) -> None:
    assert framing_named(f"{framing.value.capitalize()}: a fox") is framing
