"""Videos put into a visitor's Vault: real footage, and as many scenes as one wants."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import numpy as np
from PIL import Image

from activities.joining import Joiner
from engines.picture.encode import Bt709Converter, SegmentWriter
from models.bought_clips import conformed_digest
from models.brief import Brief
from models.credits import GrantRequest, GrantSource, HoldRequest, Operation, SettleRequest
from models.footage import FootageKind, FootageRef
from models.ids import character_id_for, generate_operation_key, studio_operation_key, video_id_for
from models.object_keys import (
    character_prefix,
    footage_key,
    own_footage_prefix,
    segment_key,
    song_prefix,
    video_prefix,
    waveform_key,
)
from models.orders import Order
from models.profiles import NEWEST_REVISION, Profile
from models.recutting import show_take
from models.song import AudioFacts, SongRef
from models.storyboard import PromptList, ScenePrompt
from models.studio import SceneTake, StudioKind, StudioOrder
from models.timeline import Timeline, TimelineScene
from models.waveform import waveform_of
from stores.database import utc_now
from stores.opening import Stores
from tests.browser.visitor import Visitor
from tests.fakes.engines import Faults, made_analysis
from tests.fakes.footage import SONG_S, FootageEngines

LONGER = 16
LOOKS = 4
"""How many different segments there are: scenes share them."""


class Seeder:
    """Fills the Vault of one account.

    Args:
        stores: Of the site.
        account_id: Whose Vault.
        profile: Of the footage.
        folder: For files on their way.
    """

    def __init__(self, stores: Stores, account_id: str, profile: Profile, folder: Path) -> None:
        self.stores, self.account_id, self.profile, self._folder = stores, account_id, profile, folder
        self._engines = FootageEngines(Faults())
        self._joiner = Joiner(stores.objects, self._engines)

    @classmethod
    async def of(cls, artist: Visitor, stores: Stores, profile: Profile, folder: Path) -> "Seeder":
        """Of the account that the visitor is logged in with."""
        answer = await artist.page.request.get(f"{artist.site}/api/v1/session")
        return cls(stores, (await answer.json())["account_id"], profile, folder)

    def grant(self, amount: int) -> None:
        """More credits."""
        key, source = uuid4().hex, GrantSource.GOODWILL
        self.stores.ledger.grant(GrantRequest(account_id=self.account_id, key=key, amount=amount, source=source))

    def song(self, title: str) -> SongRef:
        """A song that was heard: a minute of noise with beats and sections."""
        digest = uuid4().hex * 2
        stored = self.stores.objects
        source = f"accounts/{self.account_id}/{digest}"
        track = self._folder / f"{digest}.m4a"
        self._engines.encode_soundtrack(track, track, lambda: None)
        stored.put_file(source, track, "audio/mp4")
        facts = AudioFacts(
            container="m4a",
            codec="aac",
            duration_s=SONG_S,
            sample_rate_hz=44_100,
            channels=2,
            size_bytes=track.stat().st_size,
            sha256=digest,
        )
        song = self.stores.vault.add_song(self.account_id, facts, title, source)
        prefix = song_prefix(self.account_id, song.song_id)
        stored.put_file(f"{prefix}soundtrack.m4a", track, "audio/mp4")
        analysis = made_analysis(SONG_S).model_copy(update={"waveform": tuple(abs(np.sin(np.arange(640) / 7)))})
        stored.put_bytes(f"{prefix}analysis.json", analysis.to_bytes(), "application/json")
        wave = waveform_of(analysis).to_bytes()
        stored.put_bytes(waveform_key(f"{prefix}analysis.json"), wave, "application/json")
        return self.stores.vault.record_analysis(
            self.account_id, song.song_id, f"{prefix}analysis.json", f"{prefix}soundtrack.m4a"
        )

    def character(self, name: str, description: str) -> None:
        """A character with one picture."""
        character_id = character_id_for(self.account_id, uuid4().hex)
        key = f"{character_prefix(self.account_id, character_id)}0.png"
        self.stores.objects.put_bytes(key, _picture(0), "image/png")
        self.stores.characters.add(self.account_id, character_id, name, description, [key])

    def photo(self, title: str) -> None:
        """An own picture."""
        shelf, shown = self.stores.footage, Image.open(BytesIO(_picture(1))).rotate(90, expand=True)
        kept = BytesIO()
        shown.save(kept, "JPEG")
        content = kept.getvalue()
        digest = sha256(content).hexdigest()
        footage_id = shelf.id_of(self.account_id, digest)
        key = f"{own_footage_prefix(self.account_id, footage_id)}file.jpg"
        self.stores.objects.put_bytes(key, content, "image/jpeg")
        shelf.add(
            FootageRef(
                kind=FootageKind.PICTURE,
                format="jpeg",
                sha256=digest,
                size_bytes=len(content),
                width=shown.width,
                height=shown.height,
                cell_width=shown.width,
                cell_height=shown.height,
                footage_id=footage_id,
                account_id=self.account_id,
                title=title,
                file_key=key,
                strip_key=key,
                added_at=shelf.now(),
            )
        )

    def order(self, title: str) -> str:
        """An order that never came to a version: its run is not there any more."""
        song, video_id = self.song(title), video_id_for(self.account_id, uuid4().hex)
        self.stores.orders.add(
            Order(
                video_id=video_id,
                account_id=self.account_id,
                song_id=song.song_id,
                song_title=song.title,
                brief=Brief(style="film-noir"),
                profile=self.profile.name,
                ordered_at=utc_now(),
            )
        )
        return video_id

    def video(self, title: str, scenes: int = 8, price: int = 200, bought: int | None = None) -> str:
        """A video with its first version.

        Args:
            title: The song's, too.
            scenes: How many, of the same length.
            price: So many credits are granted for it first.
            bought: The scene that is cut from a bought clip, which is longer by `LONGER` frames.
        """
        if price:
            self.grant(price)
        song, video_id = self.song(title), video_id_for(self.account_id, uuid4().hex)
        key = generate_operation_key(video_id)
        words = PromptList(prompts=tuple(_words(index) for index in range(scenes)))
        prefix = video_prefix(self.account_id, video_id)
        self.stores.objects.put_bytes(f"{prefix}prompts/seeded.json", words.to_bytes(), "application/json")
        frames = SONG_S * int(self.profile.fps)
        cuts = [frames * index // scenes for index in range(scenes + 1)]
        timeline = Timeline(
            video_id=video_id,
            version=1,
            song_id=song.song_id,
            profile=self.profile.name,
            profile_revision=NEWEST_REVISION,
            fps=self.profile.fps,
            width=self.profile.width,
            height=self.profile.height,
            frame_count=frames,
            soundtrack_key=song.soundtrack_key or "",
            analysis_key=song.analysis_key or "",
            scenes=tuple(self._scene(video_id, index, *cuts[index : index + 2]) for index in range(scenes)),
        )
        if bought is not None:
            changed = [self._bought(video_id, one) if one.index == bought else one for one in timeline.scenes]
            timeline = timeline.model_copy(update={"scenes": tuple(changed)})
        timeline = self._joined(timeline)
        brief = Brief(style="film-noir", prompt="A courier in the rain.")
        # At the end: holds of runs that are not there are given back by the site's own schedule.
        self.stores.ledger.hold(
            HoldRequest(account_id=self.account_id, operation=Operation.GENERATE, operation_key=key)
        )
        assert self.stores.vault.deliver_version(self.account_id, key, timeline, title, brief.style, brief)
        self.stores.ledger.settle(SettleRequest(account_id=self.account_id, operation_key=key))
        return video_id

    def new_image(self, video_id: str, scene: int, price: int = 10) -> int:
        """Another version with one scene changed; what lies between the first and it is tidied away."""
        if price:
            self.grant(price)
        operation_id = uuid4().hex
        asked = StudioOrder(
            account_id=self.account_id,
            video_id=video_id,
            operation_id=operation_id,
            kind=StudioKind.IMAGE,
            scene_index=scene,
        )
        operations, vault = self.stores.operations, self.stores.vault
        newest, key = vault.timeline(self.account_id, video_id), studio_operation_key(video_id, operation_id)
        shown = newest.scenes[scene]
        other = self._scene(video_id, scene, shown.start_frame, shown.end_frame, look=scene + newest.version)
        take = SceneTake.of(other.model_copy(update={"take_id": operation_id, "prompt": "Another picture."}))
        made = show_take(newest, take).model_copy(update={"version": newest.version + 1})
        made = self._joined(made)
        operations.accept(asked)
        operations.record_take(self.account_id, key, take)
        assert operations.deliver(self.account_id, key, made) == made.version
        self.stores.ledger.settle(SettleRequest(account_id=self.account_id, operation_key=key))
        if newest.version > 1:
            self.stores.objects.delete_prefix(newest.video_key)
        return made.version

    def _joined(self, timeline: Timeline) -> Timeline:
        timeline, stored = self._joiner.addressed(self.account_id, timeline), self.stores.objects
        soundtrack, out = self._folder / "soundtrack.m4a", self._folder / "video.mp4"
        stored.get_file(timeline.soundtrack_key, soundtrack)
        segments = [self._folder / Path(scene.segment_key).name for scene in timeline.scenes]
        for scene, path in zip(timeline.scenes, segments, strict=True):
            if not path.exists():
                stored.get_file(scene.segment_key, path)
        self._engines.assemble(segments, soundtrack, self.profile, timeline.frame_count, out, lambda: None)
        stored.put_file(timeline.video_key, out, "video/mp4")
        return timeline

    def _scene(self, video_id: str, index: int, start: int, end: int, look: int | None = None) -> TimelineScene:
        fps, look = float(self.profile.fps), (index if look is None else look) % LOOKS
        prefix = video_prefix(self.account_id, video_id)
        still, segment = f"{prefix}stills/look-{look}.png", f"{prefix}segments/look-{look}-{end - start}.mp4"
        if self.stores.objects.size(segment) is None:
            self.stores.objects.put_bytes(still, _picture(look), "image/png")
            self.stores.objects.put_file(segment, self._footage(look, end - start), "video/mp4")
        return TimelineScene(
            index=index,
            section_index=0,
            section=("intro", "verse", "chorus", "outro")[index % 4],
            start_frame=start,
            end_frame=end,
            start_s=start / fps,
            end_s=end / fps,
            prompt=f"What scene {index + 1} shows.",
            motion_prompt="It moves slowly.",
            camera_move="hold",
            still_key=still,
            segment_key=segment,
            prompts_key=f"{prefix}prompts/seeded.json",
        )

    def _bought(self, video_id: str, scene: TimelineScene) -> TimelineScene:
        digest, frames, look = uuid4().hex[:20], scene.frame_count, scene.index % LOOKS
        clip = footage_key(self.account_id, video_id, scene.index, digest)
        conformed = conformed_digest(digest, frames, self.profile)
        segment = segment_key(self.account_id, video_id, scene.index, conformed)
        self.stores.objects.put_file(clip, self._footage(look, frames + LONGER), "video/mp4")
        self.stores.objects.put_file(segment, self._footage(look, frames), "video/mp4")
        return scene.model_copy(update={"segment_key": segment})

    def _footage(self, look: int, frames: int) -> Path:
        path = self._folder / f"{sha256(f'{look} {frames}'.encode()).hexdigest()[:8]}.mp4"
        picture = np.asarray(Image.open(BytesIO(_picture(look))).resize((self.profile.width, self.profile.height)))
        frame = Bt709Converter().to_yuv(picture.astype(np.uint8))
        with SegmentWriter(path, self.profile) as writer:
            for _ in range(frames):
                writer.write(frame)
        return path


def _words(index: int) -> ScenePrompt:
    """What a camera move over a scene's still needs."""
    return ScenePrompt(
        scene_index=index,
        image_prompt=f"What scene {index + 1} shows.",
        motion_prompt="It moves slowly.",
        seed=index,
        style="film-noir",
        palette=("#101014", "#f0ece6"),
    )


def _picture(look: int) -> bytes:
    kept = BytesIO()
    extent = (-2 + look * 0.3, -1, 1 - look * 0.2, 1)
    Image.effect_mandelbrot((180, 320), extent, 40).convert("RGB").save(kept, "PNG")
    return kept.getvalue()
