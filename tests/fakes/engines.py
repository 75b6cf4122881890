"""Engines that answer at once, behind the real ports, for tests of orchestration; with faults on demand."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from engines.picture.exports.windows import plan_export
from models.brief import Brief
from models.exports import ExportBasis, ExportFacts, ExportPlan, ExportSources
from models.media_models import PromptLimits
from models.profiles import Profile
from models.song import ANALYSIS_VERSION, AudioFacts, Beat, EnergyCurve, Section, SongAnalysis
from models.storyboard import (
    CameraMove,
    Framing,
    PromptList,
    Scene,
    ScenePrompt,
    SequencePlan,
    Shot,
    ShotList,
)
from models.stretches import ChangedScene, Stretch
from models.takes import AnimationRequest, ClipCut, MusicCues, StillRequest
from models.treatment import Casting, Character, Location, SectionCast, SectionDirection, Treatment
from models.vault import ExportKind

Pulse = Callable[[], None]


def made_analysis(duration_s: float = 64.0, sections: int = 4) -> SongAnalysis:
    """A valid analysis at 120 bpm."""
    beats = tuple(Beat(time_s=i * 0.5, position=i % 4 + 1) for i in range(int(duration_s * 2)))
    length_s = duration_s / sections
    labels = ("intro", "verse", "chorus", "outro")
    return SongAnalysis(
        duration_s=duration_s,
        sample_rate_hz=44_100,
        channels=2,
        tempo_bpm=120,
        beats_per_bar=4,
        beats=beats,
        sections=tuple(
            Section(
                start_s=i * length_s,
                end_s=(i + 1) * length_s,
                letter="ABCD"[i % 4],
                label=labels[i % 4],
                energy=(i % 4) / 4,
            )
            for i in range(sections)
        ),
        energy=EnergyCurve(hop_s=1.0, values=(0.5,) * int(duration_s + 1)),
    )


class Faults:
    """Calls counted by name, and the faults that a test plans for them."""

    def __init__(self) -> None:
        self.calls: dict[str, int] = {}
        self.plans: dict[str, Callable[[int], None]] = {}
        self._counting = threading.Lock()

    def at(self, name: str) -> None:
        """Count a call, then run the test's plan for it; steps call from several threads."""
        with self._counting:
            count = self.calls[name] = self.calls.get(name, 0) + 1
        plan = self.plans.get(name)
        if plan is not None:
            plan(count)


class InstantEngines:
    """All engine ports at once."""

    method = "InstantEngines"

    def __init__(self, faults: Faults, scenes: int = 8) -> None:
        self.faults = faults
        self.scenes = scenes
        self.references: list[list[bytes]] = []
        self.reprises = True
        self.duration_s = 64.0
        self.in_frame: tuple[str, ...] = ()
        self.analysis_version = ANALYSIS_VERSION

    def copy_source(self, source: Path, copy: Path, pulse: Pulse) -> AudioFacts:
        self.faults.at("copy_source")
        copy.write_bytes(b"fLaC" + source.read_bytes())
        return AudioFacts(
            container="wav",
            codec="pcm",
            duration_s=self.duration_s,
            sample_rate_hz=44_100,
            channels=2,
            size_bytes=source.stat().st_size,
            sha256="",
            copy_bytes=copy.stat().st_size,
        )

    def analyze(self, path: Path, pulse: Pulse) -> SongAnalysis:
        self.faults.at("analyze")
        return made_analysis(self.duration_s).model_copy(update={"analysis_version": self.analysis_version})

    def encode_soundtrack(self, source: Path, out: Path, pulse: Pulse) -> bool:
        self.faults.at("encode_soundtrack")
        out.write_bytes(b"soundtrack")
        return False

    def envision(self, brief: Brief, analysis: SongAnalysis, song_title: str) -> Treatment:
        self.faults.at("envision")
        return Treatment(
            title=song_title,
            logline="",
            mood_arc="",
            palette=("#000000", "#ffffff"),
            characters=(Character(character_id="c1", name="One", description=""),),
            locations=(Location(location_id="l1", name="Here", description=""),),
            motifs=(),
            sections=tuple(
                SectionDirection(section_index=i, summary="", mood="", time_of_day="night", weather="clear")
                for i in range(len(analysis.sections))
            ),
        )

    def cast(self, brief: Brief, analysis: SongAnalysis, treatment: Treatment) -> Casting:
        self.faults.at("cast")
        return Casting(
            sections=tuple(
                SectionCast(section_index=i, character_ids=("c1",), location_id="l1")
                for i in range(len(analysis.sections))
            )
        )

    def plan(self, analysis: SongAnalysis, profile: Profile, max_scenes: int, seed: int) -> SequencePlan:
        self.faults.at("plan")
        frames = round(analysis.duration_s * profile.fps)
        cuts = [frames * i // self.scenes for i in range(self.scenes + 1)]
        return SequencePlan(
            frame_count=frames,
            scenes=tuple(
                Scene(
                    index=i,
                    section_index=i * len(analysis.sections) // self.scenes,
                    section="verse",
                    letter="A",
                    start_frame=cuts[i],
                    end_frame=cuts[i + 1],
                    energy=0.5,
                    reprise_of=0 if i == self.scenes - 1 and self.reprises else None,
                )
                for i in range(self.scenes)
            ),
        )

    def cues(self, analysis: SongAnalysis, profile: Profile, start_frame: int, end_frame: int) -> MusicCues:
        return MusicCues(energy=(0.5,) * (end_frame - start_frame))

    def specify_shots(
        self, brief: Brief, analysis: SongAnalysis, treatment: Treatment, casting: Casting, scenes: Sequence[Scene]
    ) -> ShotList:
        self.faults.at("specify_shots")
        return ShotList(
            shots=tuple(
                Shot(
                    scene_index=scene.index,
                    framing=Framing.WIDE,
                    lens_mm=35,
                    camera_move=CameraMove.PUSH_IN,
                    light="",
                    time_of_day="night",
                    weather="clear",
                    location_id="l1",
                    character_ids=self.in_frame,
                    action="",
                )
                for scene in scenes
            )
        )

    def write_prompts(
        self, brief: Brief, treatment: Treatment, casting: Casting, scenes: Sequence[Scene], shots: ShotList
    ) -> PromptList:
        self.faults.at("write_prompts")
        return PromptList(
            prompts=tuple(
                ScenePrompt(
                    scene_index=scene.index,
                    image_prompt=f"{brief.prompt} {scene.index}",
                    motion_prompt="",
                    seed=brief.seed,
                    style=brief.style,
                    palette=treatment.palette,
                    reference_keys=tuple(key for one in brief.characters for key in one.reference_keys),
                )
                for scene in scenes
            )
        )

    def within(self, limits: PromptLimits) -> Self:
        return self

    def enhance(self, brief: Brief) -> Brief:
        self.faults.at("enhance")
        return brief.model_copy(update={"prompt": f"{brief.prompt}, richer"})

    def paint(self, request: StillRequest, references: Sequence[Path], out: Path, pulse: Pulse) -> None:
        self.faults.at("paint")
        self.references.append([path.read_bytes() for path in references])
        out.write_bytes(request.to_bytes())

    def animate(self, request: AnimationRequest, still: Path, out: Path, pulse: Pulse) -> None:
        self.faults.at("animate")
        out.write_bytes(b"segment of " + still.read_bytes())

    def rewrite(self, prompt: ScenePrompt, complaint: str, attempt: int) -> ScenePrompt:
        self.faults.at("rewrite")
        return prompt.model_copy(update={"image_prompt": f"{prompt.image_prompt}, softly", "motion_prompt": "softly"})

    def conform(self, clip: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse) -> None:
        self.faults.at("conform")
        out.write_bytes(b"conformed " + clip.read_bytes()[:100])

    def length(self, clip: Path, profile: Profile, pulse: Pulse) -> int:
        return int(10 * profile.fps)

    def cut(self, cuts: Sequence[ClipCut], profile: Profile, pulse: Pulse) -> None:
        for cut in cuts:
            self.faults.at("cut")
            cut.out.write_bytes(b"cut of " + cut.clip.read_bytes()[:100])

    def still(self, delivered: Path, width: int, height: int, out: Path, pulse: Pulse) -> None:
        self.faults.at("look at still")
        out.write_bytes(delivered.read_bytes())

    def clip(self, delivered: Path, wanted_s: float, pulse: Pulse) -> object:
        self.faults.at("look at clip")
        return None

    def assemble(
        self, segments: Sequence[Path], soundtrack: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse
    ) -> None:
        self.faults.at("assemble")
        out.write_bytes(b"".join(path.read_bytes()[:10] for path in segments))

    def splice(
        self,
        key: str,
        beginning: bytes,
        changed: Sequence[ChangedScene],
        soundtrack: Path,
        profile: Profile,
        frame_count: int,
        out: Path,
    ) -> list[Stretch] | None:
        return None


class InstantMover:
    """Replaces the animator when it cannot."""

    method = "InstantMover"

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def animate(self, request: AnimationRequest, still: Path, out: Path, pulse: Pulse) -> None:
        self.faults.at("move")
        out.write_bytes(b"move over " + still.read_bytes())


class InstantExports:
    """Makes pieces at once."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def plan(self, kind: ExportKind, basis: ExportBasis) -> ExportPlan:
        self.faults.at("plan_export")
        return plan_export(kind, basis)

    def make(self, plan: ExportPlan, sources: ExportSources, out: Path, pulse: Pulse) -> ExportFacts:
        self.faults.at("make_export")
        parts = [*sources.segments, *sources.stills, *([sources.soundtrack] if sources.soundtrack else [])]
        out.write_bytes(b"|".join(path.read_bytes() for path in parts))
        pulse()
        return ExportFacts(media_type="video/mp4", width=plan.width, height=plan.height)
