"""A small finished video of known scenes, with its sound."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from PIL import Image

from engines.picture.encode import Bt709Converter, SegmentWriter
from engines.picture.soundtrack import encode
from models.exports import ExportBasis, ExportSources
from models.lyrics import Lyrics
from models.profiles import PROFILES, ProfileName
from models.song import Bar, Beat, EnergyCurve, Section, SongAnalysis
from models.storyboard import Framing
from models.timeline import Timeline, TimelineScene

FPS = 8
LENGTHS_S = (4.0, 2.0, 1.0, 0.5, 0.5, 6.0, 2.0, 4.0)
ENERGIES = (0.5, 0.6, 0.9, 1.0, 1.0, 0.2, 0.8, 0.7)


def made_analysis(
    duration_s: float = 20.0, bar_s: float = 2.0, chorus: tuple[float, float] = (6.0, 14.0)
) -> SongAnalysis:
    bars = int(duration_s / bar_s)
    edges = [0.0, *chorus, duration_s]
    labels = ("verse", "chorus", "outro")
    return SongAnalysis(
        duration_s=duration_s,
        sample_rate_hz=44_100,
        channels=2,
        tempo_bpm=120,
        beats_per_bar=4,
        beats=tuple(Beat(time_s=i * bar_s / 4, position=i % 4 + 1) for i in range(bars * 4)),
        bars=tuple(Bar(start_s=i * bar_s, end_s=(i + 1) * bar_s, beats=4, energy=0.5) for i in range(bars)),
        sections=tuple(
            Section(
                start_s=edges[i],
                end_s=edges[i + 1],
                letter="ABC"[i],
                label=label,
                energy=(0.4, 0.9, 0.3)[i],
                strongest_chorus=label == "chorus",
            )
            for i, label in enumerate(labels)
            if edges[i + 1] > edges[i]
        ),
        energy=EnergyCurve(hop_s=1.0, values=(0.5,) * int(duration_s + 1)),
    )


def made_timeline(lengths_s: tuple[float, ...] = LENGTHS_S, energies: tuple[float, ...] = ENERGIES) -> Timeline:
    cuts = [0, *np.cumsum([round(length * FPS) for length in lengths_s]).tolist()]
    profile = PROFILES[ProfileName.TINY]
    return Timeline(
        video_id="video-1",
        version=1,
        song_id="song-1",
        profile=ProfileName.TINY,
        fps=Fraction(FPS),
        width=profile.width,
        height=profile.height,
        frame_count=cuts[-1],
        soundtrack_key="s",
        scenes=tuple(
            TimelineScene(
                index=i,
                section_index=0,
                section="verse",
                start_frame=cuts[i],
                end_frame=cuts[i + 1],
                start_s=cuts[i] / FPS,
                end_s=cuts[i + 1] / FPS,
                energy=energies[i],
                still_key=f"still-{i}",
            )
            for i in range(len(lengths_s))
        ),
    )


def picture(scene: int, frame: int, height: int, width: int) -> NDArray[np.uint8]:
    """A scene's frame: BGR; a bright ball drifts over a gradient in the scene's own colour."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    base = np.stack([60 + 20 * (scene % 3) + y / 4, 50 + 25 * (scene % 2) + x / 3, 40 + y / 6], -1)
    ball = np.exp(-((x - 20 - frame) ** 2 + (y - height * 0.4) ** 2) / 120)
    return np.asarray(np.clip(base + 150 * ball[..., None], 0, 255), np.uint8)


@dataclass(frozen=True)
class MadeVideo:
    """A finished video on disk."""

    timeline: Timeline
    segments: list[Path]
    stills: list[Path]
    soundtrack: Path
    framings: tuple[Framing, ...]

    @property
    def basis(self) -> ExportBasis:
        return ExportBasis(
            timeline=self.timeline,
            analysis=made_analysis(),
            framings=self.framings,
            subjects=(None,) * len(self.framings),
        )

    def sources(
        self,
        scenes: tuple[int, ...],
        stills: tuple[int, ...] = (),
        *,
        lyrics: Lyrics | None = None,
        title: str = "Rain",
    ) -> ExportSources:
        return ExportSources(
            timeline=self.timeline,
            framings=self.framings,
            subjects=(None,) * len(self.framings),
            segments=tuple(self.segments[i] for i in scenes),
            stills=tuple(self.stills[i] for i in stills),
            soundtrack=self.soundtrack,
            title=title,
            artist="Ada",
            style="film-noir",
            lyrics=lyrics,
        )


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> MadeVideo:
    folder = tmp_path_factory.mktemp("video")
    timeline, profile = made_timeline(), PROFILES[ProfileName.TINY]
    segments, stills = [], []
    for scene in timeline.scenes:
        segments.append(folder / f"segment-{scene.index}.mp4")
        stills.append(folder / f"still-{scene.index}.png")
        converter = Bt709Converter()
        with SegmentWriter(segments[-1], profile) as writer:
            for frame in range(scene.end_frame - scene.start_frame):
                writer.write(converter.to_yuv(picture(scene.index, frame, profile.height, profile.width)))
        Image.fromarray(picture(scene.index, 0, 320, 180)[..., ::-1]).save(stills[-1])
    duration_s = timeline.frame_count / FPS
    tone = np.sin(2 * np.pi * 220 * np.arange(int(48_000 * duration_s)) / 48_000) * 0.3
    soundfile.write(folder / "song.wav", np.stack([tone, tone], 1), 48_000)
    encode(str(folder / "song.wav"), str(folder / "song.m4a"))
    return MadeVideo(timeline, segments, stills, folder / "song.m4a", (Framing.FULL,) * len(timeline.scenes))
