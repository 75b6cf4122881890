"""One change in many prompts: which words it meets, and how they read afterwards."""

import pytest

from models.many_scenes import added, occurs, replaced

PROMPT = "Wide shot at dusk in the rain: a woman in a red coat; Red light on the train.\nA red  coat hangs there."


@pytest.mark.parametrize(
    ("find", "replace", "found"),
    [
        (
            "red",
            "blue",
            PROMPT.replace("red", "blue").replace("Red", "Blue"),
        ),
        ("RAIN", "snow", PROMPT.replace("rain:", "snow:")),
        (
            "red coat",
            "cape",
            "Wide shot at dusk in the rain: a woman in a cape; Red light on the train.\nA cape hangs there.",
        ),
        (" dusk ", r"\1 dawn", PROMPT.replace("dusk", r"\1 dawn")),
        ("the rain", "", PROMPT.replace("in the rain:", "in:").replace("  ", " ")),
        ("rai", "x", PROMPT),
        ("coat.", "x", PROMPT),
        ("(red", "x", PROMPT),
    ],
)
def test_whole_words_change_wherever_they_stand(find: str, replace: str, found: str) -> None:
    assert replaced(PROMPT, find, replace) == found
    assert occurs(PROMPT, find) is (found != PROMPT)


@pytest.mark.parametrize(
    ("find", "is_there"), [("Öl", True), ("öL", True), ("l", False), ("雨", False), ("夜の雨", True)]
)
def test_words_of_all_languages_are_words(find: str, is_there: bool) -> None:
    assert occurs("Ein Fass Öl, 夜の雨", find) is is_there


@pytest.mark.parametrize(
    ("words", "sentence", "found"),
    [
        ("A fox.", "It snows", "A fox. It snows."),
        ("A fox", "It snows!", "A fox. It snows!"),
        ("A fox, “alone.”", " It \n snows. ", "A fox, “alone.” It snows."),
        ("", "It snows", "It snows."),
        ("A fox. It snows.", "It snows", "A fox. It snows."),
    ],
)
def test_a_sentence_is_added_once_and_ends(words: str, sentence: str, found: str) -> None:
    assert added(words, sentence) == found
