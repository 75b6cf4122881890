"""The director's visible results: the brief's words, one look, returning places, no two equal shots in a row."""

import re
from itertools import groupby, pairwise
from statistics import mean

import pytest

from engines.cutting import BeatPlanner
from engines.providers.local.director import LocalDirector
from engines.providers.local.director.grammar import ESTABLISHING
from engines.providers.local.director.vision import place_of
from engines.providers.local.painter.reading import read
from engines.providers.local.reading import read_words
from engines.providers.local.reading.visible import without_craft
from models.brief import Brief
from models.failures import InvalidInput
from models.profiles import PROFILES, ProfileName
from models.storyboard import CameraMove, Framing
from models.styles import STYLES, Style, find_style
from models.treatment import Character
from tests.engines.local.director.conftest import Storyboard, StoryMaker, made_song

SISTER = (
    "A girl in a red raincoat walks through a flooded city looking for her lost sister. "
    "Crows follow her; the streetlights hum."
)
BRIEFS = [
    SISTER,
    "An astronaut who lost her ship plants roses on Mars and dances with a broken robot. The storm is coming.",
    "A jellyfish drifts over Tokyo at night",
    "love and neon",
    "Two old boxers meet in an empty gym at dawn, forty years after the fight that neither of them won.",
    "une fille danse sous la pluie, Saint-Malo, 1987",
]
STOPPED = {"with", "that", "from", "then", "they", "them", "their", "neither", "after", "while", "where", "sous"}
DRIVEN = {CameraMove.HANDHELD, CameraMove.ROLL, CameraMove.CRANE_UP}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.slug)
def test_no_word_of_the_directors_own_is_reported_as_not_drawn(story: StoryMaker, style: Style) -> None:
    """Lens, light and mood are followed; what is reported as missing must be the artist's."""
    for number, brief in enumerate(BRIEFS):
        for prompt in story(prompt=brief, style=style.slug, seed=number).prompts:
            words = read_words(prompt.image_prompt.replace(_look(style), ""))
            assert [word for word in without_craft(words.unknown) if word.lower() not in brief.lower()] == []


def _look(style: Style) -> str:
    return f"{style.style_words[0].upper()}{style.style_words[1:]}."


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.slug)
def test_every_preset_gives_sound_prompts(story: StoryMaker, style: Style) -> None:
    told = story(style=style.slug, seed=3)
    for scene, prompt in zip(told.scenes, told.prompts, strict=True):
        words = len(prompt.image_prompt.split())
        assert 45 <= words <= 110, prompt.image_prompt
        assert prompt.image_prompt.rstrip(".").endswith(style.style_words[1:])
        assert prompt.scene_index == scene.index
        assert prompt.style == style.slug
        assert prompt.palette == told.treatment.palette
        assert not re.search(r"\b(\w+) \1\b|\bNone\b|[{}]|,,|\.\.| ,", prompt.image_prompt), prompt.image_prompt
        assert len(prompt.motion_prompt.split()) >= 12


@pytest.mark.parametrize("prompt", BRIEFS)
def test_the_artists_own_words_are_in_the_video(story: StoryMaker, prompt: str) -> None:
    told = story(prompt)
    content = [word for word in re.findall(r"[^\W\d_]{4,}", prompt.lower()) if word not in STOPPED]
    missing = [word for word in content if word not in told.words]
    assert len(missing) <= len(content) // 6, missing


def test_a_named_subject_leads_and_stays_the_same(story: StoryMaker) -> None:
    told = story(SISTER)
    lead, second = told.treatment.characters[:2]
    assert lead.description.startswith("a girl ")
    assert "in a red raincoat" in lead.description
    assert second.name == "Her lost sister"
    seeds: dict[str, int] = {}
    for shot, prompt in zip(told.shots, told.prompts, strict=True):
        assert len(prompt.cast_seeds) == len(shot.character_ids)
        for character_id, seed in zip(shot.character_ids, prompt.cast_seeds, strict=True):
            assert seeds.setdefault(character_id, seed) == seed
    assert len(set(seeds.values())) == len(seeds) >= 2
    on_screen = mean(lead.character_id in shot.character_ids for shot in told.shots)
    assert on_screen > 0.4


def test_choruses_return_to_the_main_image_and_verses_tell_on(story: StoryMaker) -> None:
    told = story("A boy rows over a lake. A fox runs through a forest. The boy dances in a club with a woman in red.")
    by_letter: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for section, cast in zip(told.analysis.sections, told.casting.sections, strict=True):
        by_letter.setdefault(section.letter, set()).add((cast.location_id, cast.character_ids))
    assert len(by_letter["B"]) == 1
    assert next(iter(by_letter["B"]))[0] == "river-1"
    order = [cast.location_id for cast in told.casting.sections if cast.section_index not in (3, 6, 8)]
    assert order == sorted(order, key=["river-1", "forest-1", "club-1"].index)
    assert set(order) == {"river-1", "forest-1", "club-1"}


def test_shot_grammar(story: StoryMaker) -> None:
    told = story(SISTER, seed=11)
    for before, after in pairwise(told.shots):
        assert (before.framing, before.character_ids, before.things) != (
            after.framing,
            after.character_ids,
            after.things,
        )
    for _, shots in groupby(zip(told.scenes, told.shots, strict=True), key=lambda pair: pair[0].section_index):
        group = list(shots)
        assert group[0][1].framing in ESTABLISHING
        assert all(a.camera_move is not b.camera_move for (_, a), (_, b) in pairwise(group))
    assert not any(shot.framing is Framing.AERIAL for shot in told.shots)
    choruses = [shot for scene, shot in zip(told.scenes, told.shots, strict=True) if scene.section == "chorus"]
    calm = [shot for scene, shot in zip(told.scenes, told.shots, strict=True) if scene.section in ("intro", "verse")]
    close = (Framing.CLOSE_UP, Framing.LOW_ANGLE)
    assert mean(shot.framing in close for shot in choruses) > mean(shot.framing in close for shot in calm)
    assert mean(shot.camera_move in DRIVEN for shot in choruses) > mean(shot.camera_move in DRIVEN for shot in calm)


def test_the_chorus_has_the_strongest_light_and_a_face_on_its_hook(story: StoryMaker) -> None:
    told = story(SISTER)
    pairs = list(zip(told.scenes, told.shots, strict=True))
    lights = {
        label: {shot.light for scene, shot in pairs if scene.section == label} for label in ("intro", "verse", "chorus")
    }
    assert not lights["chorus"] & (lights["intro"] | lights["verse"])
    hooks = [shot for scene, shot in pairs if scene.section == "chorus" and scene.place == 1]
    assert {shot.framing for shot in hooks} == {Framing.CLOSE_UP}


def test_neighbours_are_different_pictures(story: StoryMaker) -> None:
    for style in ("cyberpunk", "claymation"):
        told = story(style=style)
        openings = [prompt.image_prompt.split(".")[0] for prompt in told.prompts]
        assert len(set(openings)) > 0.75 * len(openings)
        for before, after in pairwise(told.prompts):
            assert before.image_prompt != after.image_prompt
            assert before.seed != after.seed


def test_scenes_do_not_depend_on_how_they_are_grouped(story: StoryMaker) -> None:
    told = story(SISTER, seed=5)
    director, brief = LocalDirector(), Brief(prompt=SISTER, seed=5)
    for scene in reversed(told.scenes):
        shots = director.specify_shots(brief, told.analysis, told.treatment, told.casting, [scene])
        assert shots.shots == (told.shots[scene.index],)
        prompts = director.write_prompts(brief, told.treatment, told.casting, [scene], shots)
        assert prompts.prompts == (told.prompts[scene.index],)


def test_the_same_seed_the_same_video_another_seed_another_one(story: StoryMaker) -> None:
    assert story(SISTER, seed=1) == story(SISTER, seed=1)
    one, other = story(SISTER, seed=1), story(SISTER, seed=2)
    alike = {p.image_prompt for p in one.prompts} & {p.image_prompt for p in other.prompts}
    assert len(alike) < 0.1 * len(one.prompts)
    assert {p.seed for p in one.prompts}.isdisjoint({p.seed for p in other.prompts})


def test_two_briefs_give_two_different_videos(story: StoryMaker) -> None:
    one, other = story(BRIEFS[0]), story(BRIEFS[1])
    assert one.treatment.logline != other.treatment.logline
    assert {c.name for c in one.treatment.characters} != {c.name for c in other.treatment.characters}
    assert {c.name for c in one.treatment.locations} != {c.name for c in other.treatment.locations}
    assert not {p.image_prompt for p in one.prompts} & {p.image_prompt for p in other.prompts}


def test_the_painter_understands_the_prompts(story: StoryMaker) -> None:
    seen = wrong = 0
    for style in ("film-noir", "golden-hour", "cyberpunk", "low-poly-3d", "tilt-shift", "liquid-chrome"):
        told = story(style=style)
        kinds = {location.location_id: place_of(location) for location in told.treatment.locations}
        for shot, prompt in list(zip(told.shots, told.prompts, strict=True))[::4]:
            subject = read(prompt)
            assert (subject.time, subject.weather) == (shot.time_of_day, shot.weather), prompt.image_prompt
            seen += 1
            wrong += subject.words.places[0].place != kinds[shot.location_id]
    assert wrong <= 0.02 * seen


def test_a_reprise_shows_its_source_filmed_another_way() -> None:
    analysis, director, brief = made_song(), LocalDirector(), Brief(prompt=SISTER, seed=4)
    scenes = BeatPlanner().plan(analysis, PROFILES[ProfileName.PREVIEW], 40, 4).scenes
    treatment = director.envision(brief, analysis, "")
    casting = director.cast(brief, analysis, treatment)
    shots = director.specify_shots(brief, analysis, treatment, casting, scenes).shots
    prompts = director.write_prompts(
        brief, treatment, casting, scenes, director.specify_shots(brief, analysis, treatment, casting, scenes)
    ).prompts
    reprises = [scene for scene in scenes if scene.reprise_of is not None]
    assert reprises
    for scene in reprises:
        source = scene.reprise_of or 0
        assert prompts[scene.index].image_prompt == prompts[source].image_prompt
        assert prompts[scene.index].seed == prompts[source].seed
        assert shots[scene.index].camera_move is not shots[source].camera_move


MARA = Character(
    character_id="character-of-mine",
    name="Mara",
    description="a tall woman in a red coat",
    reference_keys=("a.jpg", "b.jpg"),
)


def test_a_locked_character_is_the_same_in_every_video(story: StoryMaker) -> None:
    locked: dict[str, object] = {"character_ids": ("character-of-mine",), "characters": (MARA,)}
    one = story(SISTER, seed=1, **locked)
    other = story(BRIEFS[1], seed=2, **locked)

    def seeds_of(told: Storyboard) -> set[int]:
        pairs = zip(told.shots, told.prompts, strict=True)
        return {p.cast_seeds[0] for s, p in pairs if s.character_ids[:1] == ("character-of-mine",)}

    assert len(seeds_of(one)) == 1
    assert seeds_of(one) == seeds_of(other)
    for told in (one, other):
        assert told.treatment.characters[0] == MARA
        for shot, prompt in zip(told.shots, told.prompts, strict=True):
            alone = shot.character_ids == ("character-of-mine",)
            assert not alone or "a tall woman in a red coat" in prompt.image_prompt
            assert (prompt.reference_keys == ("a.jpg", "b.jpg")) == ("character-of-mine" in shot.character_ids)
        assert "Mara" in told.treatment.logline + told.words.title()


def test_a_locked_character_without_a_word_for_a_being_is_still_somebody(story: StoryMaker) -> None:
    vague = MARA.model_copy(update={"description": "Green eyes, freckles"})
    told = story("Crows over a field.", character_ids=(vague.character_id,), characters=(vague,))
    shown = [p for s, p in zip(told.shots, told.prompts, strict=True) if vague.character_id in s.character_ids]
    assert shown
    assert {read(prompt).figures[0].kind for prompt in shown} == {"person"}


def test_the_mood_arc_follows_the_energy_and_colours_bend_the_palette(story: StoryMaker) -> None:
    told = story("A knight in emerald armour crosses a violet sea", style="film-noir")
    arc = told.treatment.mood_arc.split("; ")
    assert len(arc) == len(told.analysis.sections)
    assert "low" in arc[0]
    assert "the summit" in arc[8]
    preset = find_style("film-noir").palette
    assert {"#138a5c", "#8a4fd3"} <= set(told.treatment.palette)
    assert told.treatment.palette[0] == preset[0]
    assert told.treatment.palette[-1] == preset[-1]


@pytest.mark.parametrize("prompt", ["", "android", "...", "星空下的女孩", "!?", "a " * 900, "neon " * 600])
def test_no_brief_is_too_odd(story: StoryMaker, prompt: str) -> None:
    told = story(prompt, style="cyberpunk")
    assert 1 <= len(told.treatment.characters) <= 3
    assert 1 <= len(told.treatment.locations) <= 6
    lengths = [len(p.image_prompt.split()) for p in told.prompts]
    assert min(lengths) >= 40, "a brief without words gives a prompt few of its own"
    assert max(lengths) <= 110


@pytest.mark.parametrize("prompt", [*BRIEFS, "", "android"])
def test_enhance_keeps_the_artists_words_and_adds_to_them(prompt: str) -> None:
    director = LocalDirector()
    richer = director.enhance(Brief(prompt=prompt, style="cyberpunk", seed=3)).prompt
    assert richer.startswith(prompt.strip())
    assert 2 <= len(re.findall(r"[.!?…](?:\s|$)", richer)) <= 5
    assert len(richer.split()) >= 30
    assert director.enhance(Brief(prompt=prompt, style="cyberpunk", seed=3)).prompt == richer
    rich = Brief(prompt=find_style("claymation").default_direction * 2)
    assert director.enhance(rich) == rich


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no style"):
        LocalDirector().envision(Brief(style="cyberpnk"), made_song(), "")
