"""What has become of a brief's words, in a version's scenes."""

from models.asked import AskedWords, asked_words
from models.in_picture import InPicture
from models.timeline import TimelineScene
from models.treatment import Promise


def scene(index: int, prompt: str) -> TimelineScene:
    return TimelineScene(
        index=index, section_index=0, section="verse", start_frame=0, end_frame=1, start_s=0, end_s=1, prompt=prompt,
        still_key=f"still-{index}",
    )  # fmt: skip


def test_each_words_scenes_are_those_that_show_them() -> None:
    scenes = [
        scene(0, "Wide shot: an old fisherman in a red boat."),
        scene(1, "Close-up: an old fisherman."),
        scene(2, "Detail shot: a Red Boat."),
        scene(3, "Wide shot: an old fisherman in a red boat."),
    ]
    hidden = {"still-3": InPicture(not_drawn=("a red boat",))}
    promises = [
        Promise(words="An old fisherman", sections=(0,)),
        Promise(words="a red boat", sections=(0,)),
        Promise(words="the pier", sections=(0,)),
        Promise(words="zorbule", why="not understood"),
    ]
    found = asked_words(promises, scenes, hidden)
    assert [(one.words, one.scenes, one.why) for one in found] == [
        ("An old fisherman", (1, 2, 4), ""),
        ("a red boat", (1, 3), ""),
        ("the pier", (), "no scene of this version shows it"),
        ("zorbule", (), "not understood"),
    ]


def test_scenes_are_said_in_runs() -> None:
    assert AskedWords.of("a boat", (1, 2, 3, 4, 7)).sentence == "a boat: scenes 1 to 4, 7"
    assert AskedWords.of("a boat", (2, 3)).sentence == "a boat: scenes 2, 3"
    assert AskedWords.of("a boat", (5,)).sentence == "a boat: scene 5"
    assert AskedWords.of("a heart", why="a figure of speech").sentence == "a heart: a figure of speech"
