from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.picture.encode import plane
from models.profiles import PROFILES, Profile, ProfileName
from models.storyboard import CameraMove, ScenePrompt
from models.takes import AnimationRequest, BeatCue, MusicCues


@pytest.fixture(scope="session")
def still(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night street: dark sky, a bright moon, windows, a figure in the middle."""
    rng = np.random.default_rng(4)
    picture = np.zeros((960, 540, 3), np.uint8)
    picture[:] = np.linspace(40, 90, 960)[:, None, None].astype(np.uint8)
    cv2.circle(picture, (400, 170), 46, (210, 235, 250), -1, cv2.LINE_AA)
    for left in range(0, 540, 60):
        top = int(rng.integers(300, 480))
        cv2.rectangle(picture, (left, top), (left + 52, 720), (46, 32, 28), -1)
        for y in range(top + 10, 700, 22):
            for x in range(left + 8, left + 44, 14):
                if rng.random() < 0.4:
                    cv2.rectangle(picture, (x, y), (x + 5, y + 9), (90, 190, 240), -1)
    cv2.rectangle(picture, (240, 560), (300, 860), (16, 12, 14), -1)
    path = tmp_path_factory.mktemp("still") / "still.png"
    cv2.imwrite(str(path), picture)
    return path


@pytest.fixture
def make_request() -> Callable[..., AnimationRequest]:
    def make(
        frame_count: int = 24,
        energy: float = 0.9,
        move: CameraMove = CameraMove.PUSH_IN,
        style: str = "cinematic-realism",
        profile: ProfileName = ProfileName.TINY,
        image: str = "a street at night under a clear sky",
        motion: str = "",
        variation: int = 0,
        seed: int = 1,
        bpm: float = 120,
    ) -> AnimationRequest:
        settings: Profile = PROFILES[profile]
        beat_frames = 60 / bpm * float(settings.fps)
        beats = [
            BeatCue(frame=round(i * beat_frames), strength=0.95 if i % 4 == 0 else 0.6, downbeat=i % 4 == 0)
            for i in range(int(frame_count / beat_frames) + 1)
            if round(i * beat_frames) < frame_count
        ]
        return AnimationRequest(
            prompt=ScenePrompt(
                scene_index=0,
                image_prompt=image,
                motion_prompt=motion,
                seed=seed,
                style=style,
                palette=("#101020", "#ff40a0"),
                camera_move=move,
                energy=energy,
            ),
            profile=settings,
            frame_count=frame_count,
            cues=MusicCues(energy=(energy,) * frame_count, beats=tuple(beats)),
            variation=variation,
        )

    return make


@pytest.fixture
def thumbs() -> Callable[[Path], NDArray[np.float32]]:
    """A segment's frames as a cut detector sees them: float32, (frames, 96, 54), luma."""
    import av

    def read(path: Path) -> NDArray[np.float32]:
        with av.open(str(path)) as container:
            lumas = [plane(frame, 0).copy() for frame in container.decode(video=0)]
        return np.stack([cv2.resize(luma, (54, 96), interpolation=cv2.INTER_AREA) for luma in lumas]).astype(np.float32)

    return read
