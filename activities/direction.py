"""Creative vision and casting: brief and analysis become a treatment and a cast.

Side effects: documents in the object store, and the director's cost on the run's bill. Idempotency: keys are derived
from the inputs and the director's method. Provide queue.
"""

from activities.ports.engines import Director
from activities.ports.stores import CharacterBook, ObjectStore, SpendingBook
from activities.spending import paid_by
from activities.steps import load, save, step
from models.brief import Brief, EnhanceRequest
from models.directing_costs import DirectingCosts
from models.failures import InvalidInput, NotStored
from models.generation import DocumentRef, GenerateRequest, StoryStep, VisionRef, VisionStep
from models.ids import digest_of, preview_id
from models.object_keys import video_prefix
from models.paid_media import ALLOWED_AGAIN
from models.progress import StageName
from models.song import SongAnalysis
from models.treatment import Character, Treatment


class DirectionActivities:
    """Steps of the director that need the whole song."""

    def __init__(
        self,
        objects: ObjectStore,
        director: Director,
        spending: SpendingBook,
        characters: CharacterBook,
        costs: DirectingCosts | None = None,
    ) -> None:
        self._costs = costs
        self._objects = objects
        self._characters = characters
        self._director = director
        self._spending = spending

    @step
    def envision_video(self, vision: VisionStep) -> VisionRef:
        """Write the treatment; with Enhance Prompt on, expand the brief first."""
        request = vision.request
        prefix = video_prefix(request.account_id, request.video_id)
        digest = digest_of(request.brief, vision.analysis_key, vision.title, self._director.method)
        brief_key, treatment_key = f"{prefix}brief-{digest}.json", f"{prefix}treatment-{digest}.json"
        if self._objects.size(treatment_key) is None:
            analysis = load(self._objects, vision.analysis_key, SongAnalysis)
            brief = request.brief.model_copy(update={"characters": self._locked(request)})
            allowance = self._allowance(analysis, vision.openings)
            with paid_by(self._spending, request.account_id, request.video_id, StageName.VISION, allowance):
                brief = self._director.enhance(brief) if brief.enhance else brief
                treatment = self._director.envision(brief, analysis, vision.title)
            save(self._objects, brief_key, brief)
            save(self._objects, treatment_key, treatment)
        return VisionRef(brief_key=brief_key, treatment_key=treatment_key)

    def _allowance(self, analysis: SongAnalysis, openings: int) -> int | None:
        """The most that a video may have cost before its scenes are planned; None if the director is free."""
        if self._costs is None:
            return None
        sections = len(analysis.sections)
        return self._costs.allowance_micro_usd(analysis.duration_s, sections, openings, ALLOWED_AGAIN)

    def _locked(self, request: GenerateRequest) -> tuple[Character, ...]:
        """The brief's characters with copies of their images, so that the video keeps its faces if one is deleted."""
        copied = []
        for character_id in request.brief.character_ids:
            try:
                known = self._characters.get(request.account_id, character_id)
                images = [self._objects.get_bytes(key) for key in known.reference_keys]
            except NotStored:
                raise InvalidInput(
                    "A character of this video is no longer in the Vault: start again without it.", "unknown_character"
                ) from None
            prefix = f"{video_prefix(request.account_id, request.video_id)}references/{character_id}"
            keys = tuple(f"{prefix}-{number}.jpg" for number in range(len(images)))
            for key, image in zip(keys, images, strict=True):
                self._objects.put_bytes(key, image, "image/jpeg")
            look = Character(character_id=character_id, name=known.name, description=known.description)
            copied.append(look.model_copy(update={"reference_keys": keys}))
        return tuple(copied)

    @step
    def enhance_brief(self, request: EnhanceRequest) -> Brief:
        """A short brief, expanded by the director; nothing is stored."""
        with paid_by(self._spending, request.account_id, preview_id(request), StageName.VISION):
            return self._director.enhance(request.brief)

    @step
    def cast_video(self, story: StoryStep) -> DocumentRef:
        """Decide who appears in each section, and where."""
        request = story.request
        key = f"{video_prefix(request.account_id, request.video_id)}casting-{digest_of(story.treatment_key)}.json"
        if self._objects.size(key) is None:
            brief = load(self._objects, story.brief_key, Brief)
            analysis = load(self._objects, story.analysis_key, SongAnalysis)
            treatment = load(self._objects, story.treatment_key, Treatment)
            allowance = self._allowance(analysis, story.openings)
            with paid_by(self._spending, request.account_id, request.video_id, StageName.CASTING, allowance):
                casting = self._director.cast(brief, analysis, treatment)
            save(self._objects, key, casting)
        return DocumentRef(key=key)
