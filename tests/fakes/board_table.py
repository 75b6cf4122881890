"""Two clients at one storyboard, on real rows: its steps run as activities, and each edit is previewed first."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

import services.boards
from activities.board import BoardActivities
from activities.board_rules import BoardRules
from activities.steps import load, save
from bootstrap import open_media
from models.board_edits import BoardEdit
from models.boards import (
    Board,
    BoardAnswer,
    BoardOrder,
    EndRepaintStep,
    LayStep,
    RepaintTicket,
    ShowStillStep,
)
from models.brief import Brief
from models.credits import HoldState
from models.cut_grid import Grid
from models.failures import InvalidInput
from models.generation import AssembleStep, SceneTakes, SectionPrompts
from models.paid_media import SpendingPlan
from models.profiles import PROFILES, Profile, ProfileName
from models.progress import FailureNote
from models.storyboard import SequencePlan
from models.studio import RestoredBy
from models.undoing import board_undo_state
from services.boards import preview_board
from settings import Settings
from stores.boards import Boards
from stores.database import Database
from stores.ledger import Ledger
from tests.fakes.engines import Faults, InstantEngines, made_analysis

ACCOUNT, VIDEO = "ada", "video-0123456789abcdef0123"
PREFIX = f"accounts/{ACCOUNT}/videos/{VIDEO}/"
SCENES, MOST_SCENES = 8, 16
LOCAL = Settings(fal_key=None)
NOTE = FailureNote(type="X", sentence="It could not be made.")


class Documents:
    """An object store in memory, for documents alone."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put_bytes(self, key: str, data: bytes, content_type: str) -> None:
        self._kept[key] = data

    def get_bytes(self, key: str) -> bytes:
        return self._kept[key]

    def size(self, key: str) -> int | None:
        return len(self._kept[key]) if key in self._kept else None


class Held:
    """The hold of a run that goes on."""

    state = HoldState.HELD


class Prices:
    """A dollar for each clip, however short."""

    longest_s = 12

    def estimate(self, plan: SequencePlan, profile: Profile, treatment: object = None) -> SpendingPlan:
        made = sum(scene.reprise_of is None for scene in plan.scenes)
        if any(scene.frame_count > self.longest_s * profile.fps for scene in plan.scenes):
            raise InvalidInput("The model makes at most 12 s in one clip.", code="shot_too_long")
        return SpendingPlan(estimate_micro_usd=1_000_000 * made)


class Table:
    """Two clients at one board. `held` and `posted` are the model's."""

    def __init__(self, database: Database, estimator: Any = None, settings: Settings = LOCAL) -> None:
        self.objects: Any = Documents()
        self.boards, self.ledger = Boards(database), Ledger(database)
        self.ledger.open_account(ACCOUNT)
        objects: Any = self.objects
        spending: Any = None
        media = open_media(settings)
        bought = media.prompt_limits, media.planners, estimator or media.estimator
        self.steps = BoardActivities(objects, self.boards, InstantEngines(Faults()), spending, *bought)
        self.rules = BoardRules(objects, self.boards, estimator=estimator) if estimator else None
        self.run = ActivityEnvironment().run
        self.app: Any = SimpleNamespace(
            settings=settings,
            stores=SimpleNamespace(
                objects=self.objects,
                boards=self.boards,
                orders=SimpleNamespace(find=lambda *_: None),
                ledger=SimpleNamespace(find_hold=lambda *_: Held, is_stopped=lambda *_: False),
            ),
        )
        self.lay()
        self.grid = Grid.of(self.board.timeline, made_analysis())
        self.posted, self.held = self.money()
        self.painting: dict[str, RepaintTicket] = {}
        self.free_used: set[int] = set()

    def lay(self) -> None:
        """What a run's stages leave, and the first revision of it."""
        engines, objects = InstantEngines(Faults(), SCENES), self.objects
        brief, analysis = Brief(prompt="a fox", style="film-noir", seed=1), made_analysis()
        treatment = engines.envision(brief, analysis, "Song")
        casting = engines.cast(brief, analysis, treatment)
        plan = engines.plan(analysis, PROFILES[ProfileName.TINY], MOST_SCENES, 1)
        shots = engines.specify_shots(brief, analysis, treatment, casting, plan.scenes)
        prompts = engines.write_prompts(brief, treatment, casting, plan.scenes, shots)
        keys = {
            name: save(objects, f"{PREFIX}{name}.json", document)
            for name, document in {
                "brief_key": brief,
                "analysis_key": analysis,
                "treatment_key": treatment,
                "casting_key": casting,
                "plan_key": plan,
            }.items()
        }
        section = SectionPrompts(
            first_scene=0,
            end_scene=SCENES,
            key=save(objects, f"{PREFIX}prompts.json", prompts),
            shots_key=save(objects, f"{PREFIX}shots.json", shots),
        )
        shown = [0 if scene.reprise_of is not None else scene.index for scene in plan.scenes]
        parts = AssembleStep(
            account_id=ACCOUNT,
            video_id=VIDEO,
            song_id="song",
            profile=ProfileName.TINY,
            version=1,
            soundtrack_key="",
            prompts=(section,),
            takes=tuple(SceneTakes(still_scene=one, still=f"{one:08x}", segment="") for one in shown),
            **keys,
        )
        self.run(self.steps.lay_board, LayStep(account_id=ACCOUNT, video_id=VIDEO, parts=parts, max_scenes=MOST_SCENES))

    @property
    def board(self) -> Board:
        return load(self.objects, self.boards.head(ACCOUNT, VIDEO).board_key, Board)

    def money(self) -> tuple[int, int]:
        balance = self.ledger.balance(ACCOUNT)
        return balance.posted, balance.held

    def order(self, **more: Any) -> BoardOrder:
        facts = {"operation_id": uuid4().hex, "revision": self.board.revision, "max_scenes": MOST_SCENES} | more
        return BoardOrder(account_id=ACCOUNT, video_id=VIDEO, **facts)

    def edit(self, *edits: BoardEdit, **more: Any) -> BoardAnswer:
        """Edits, which the preview of the same ones foretells: what it shows, or why they are refused."""
        order = self.order(edits=edits, **more)
        promised = self.preview(order)
        try:
            answer = self.run(self.steps.edit_board, order)
            came = self.shape
        except ApplicationError as error:
            came = (error.message, *error.details)
            raise
        finally:
            assert promised == came
        return answer

    def preview(self, order: BoardOrder) -> tuple[Any, ...]:
        """What the page is shown, or sentence and code of the refusal."""
        rules = patch.object(services.boards, "_rules", return_value=self.rules) if self.rules else nullcontext()
        try:
            with rules:
                return shape_of(preview_board(self.app, ACCOUNT, VIDEO, order.edits, order.revision))
        except InvalidInput as error:
            return error.message, error.code

    @property
    def shape(self) -> tuple[Any, ...]:
        return shape_of(self.board)

    def restore(self, way: RestoredBy, **more: Any) -> BoardAnswer:
        """Undo or redo: the scenes are those of the revision that was named before; stills, approvals and ids stay."""
        before, named = self.board, board_undo_state(self.boards.steps(ACCOUNT, VIDEO))
        answer = self.run(self.steps.restore_board, self.order(restored_by=way, **more))
        after, wanted = self.board, named.undo if way is RestoredBy.UNDO else named.redo
        (key,) = (one.board_key for one in self.boards.steps(ACCOUNT, VIDEO) if one.revision == wanted)
        assert after.timeline.scenes == load(self.objects, key, Board).timeline.scenes
        assert (after.approved, after.takes) == (before.approved, before.takes)
        assert after.timeline.next_id >= before.timeline.next_id
        assert answer.clips == (), "nothing is ordered"
        return answer

    def approve(self, **more: Any) -> BoardAnswer:
        return self.run(self.steps.approve_board, self.order(**more))

    def repaint(self, scene_id: int, **more: Any) -> RepaintTicket:
        ticket = self.run(self.steps.accept_repaint, self.order(scene_id=scene_id, **more))
        price = 10 if scene_id in self.free_used else 0
        assert ticket.price == price
        self.held += price
        self.free_used.add(scene_id)
        self.painting[ticket.operation_id] = ticket
        return ticket

    def end(self, ticket: RepaintTicket, *, shown: bool) -> None:
        """A still was painted, or came to nothing."""
        ids = {"account_id": ACCOUNT, "video_id": VIDEO, "operation_id": ticket.operation_id}
        if shown:
            still = uuid4().hex
            self.run(self.steps.show_still, ShowStillStep(**ids, prompts_key=ticket.prompts_key, still=still))
            self.posted -= ticket.price
        else:
            self.run(self.steps.end_repaint, EndRepaintStep(**ids, note=NOTE))
            if not ticket.price:
                self.free_used.discard(ticket.scene_id)
        self.held -= ticket.price
        del self.painting[ticket.operation_id]


def shape_of(board: Board) -> tuple[Any, ...]:
    """What a preview knows of a board: all but the director's words, and where words are stored."""
    kept = {"prompt", "motion_prompt", "camera_move", "prompts_key", "shots_key", "words_scene"}
    return tuple(scene.model_dump(exclude=kept) for scene in board.timeline.scenes)
