"""How a scene's still and clip are made: the same for a draft and for Studio.

Either the local painter and animator draw them, in one step each, or they are bought, in two: an order whose ticket is
in the history before anything waits, and its collection. Which it is was decided once, by a step.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.animation import AnimationActivities
    from activities.footage import FootageActivities
    from activities.imagery import ImageryActivities
    from activities.purchases import PurchaseActivities
    from activities.rewriting import RewritingActivities
    from models.base import Model
    from models.generation import ClipStep, StillStep, StoryStep
    from models.paid_media import (
        ALLOWED_AGAIN,
        CastStep,
        CollectStep,
        ConformStep,
        Media,
        MediaQuestion,
        Piece,
        PieceKind,
        PieceOrder,
        Remedy,
        RewriteStep,
        SpendingPlan,
        WithdrawStep,
    )
    from models.progress import StageName
    from models.routing import digest_of
    from models.takes import Take
    from workflows.flow import all_or_none, heed_cancellation
    from workflows.policies import MOST_PURCHASES, MOST_REWRITES, Policy
    from workflows.saga import shielded
    from workflows.steps import Steps
    from workflows.verdicts import innermost, note_on, scene_cannot_be_made


class Making:
    """Stills and clips, one scene at a time.

    Args:
        steps: The run's way to do a step, with its gates and policies.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._wishes = ("", "")
        self._media: asyncio.Task[Media] | None = None
        self._is_cast = True
        self._footage: dict[int, asyncio.Future[Piece | None]] = {}
        self._spending: SpendingPlan | None = None
        self._planned_clips = 0
        self._has_ordered = False

    def plan_spending(self, spending: SpendingPlan | None, clips: int) -> None:
        """What this run may cost, and how many clips it buys; without a plan only its number of pieces bounds it."""
        self._spending, self._planned_clips = spending, clips

    def wish(self, still_model: str, clip_model: str) -> None:
        """Buy from these models; empty: the house's. All scenes of a run are made by the same ones."""
        self._wishes = (still_model, clip_model)

    @property
    def media(self) -> Media:
        """Who makes the pictures, as far as that is known."""
        known = self._media is not None and self._media.done() and not self._media.cancelled()
        return self._media.result() if self._media is not None and known else Media()

    async def cast(self, story: StoryStep) -> None:
        """Draw each character that has no references yet, once, where pictures are bought; stills wait for it.

        A character that cannot be drawn goes without references.

        Raises:
            ActivityError: Something else is wrong, or the run is cancelled.
        """
        request = story.request
        self._is_cast = False
        if (await self._chosen(request.account_id, request.video_id)).paid:
            cast = CastStep(account_id=request.account_id, video_id=request.video_id, treatment_key=story.treatment_key)
            method, policy = PurchaseActivities.list_cast, self._steps.policies.light
            missing = await self._steps.do(StageName.CASTING, method, cast, policy, "cast without references")
            orders = [
                PieceOrder(
                    job_key=digest_of(character.character_id),
                    kind=PieceKind.PORTRAIT,
                    account_id=request.account_id,
                    video_id=request.video_id,
                    profile=request.profile,
                    treatment_key=story.treatment_key,
                    style=request.brief.style,
                    character_id=character.character_id,
                    model=self.media.still_model,
                )
                for character in missing.portraits
            ]
            await all_or_none([self._portrait(order) for order in orders])
        self._is_cast = True

    async def still(self, still: StillStep, summary: str) -> Take:
        """Make a scene's still.

        Raises:
            ActivityError: It cannot be made, or the run is cancelled.
        """
        if not (await self._chosen(still.account_id, still.video_id)).paid:
            method, policy = ImageryActivities.paint_still, self._steps.policies.paint
            return await self._steps.do(StageName.STILLS, method, still, policy, summary)
        if still.with_cast:
            await workflow.wait_condition(lambda: self._is_cast)
        order = PieceOrder(
            job_key=f"{still.scene_index:03d}",
            kind=PieceKind.STILL,
            account_id=still.account_id,
            video_id=still.video_id,
            profile=still.profile,
            scene_index=still.scene_index,
            prompts_key=still.prompts_key,
            model=self.media.still_model,
        )
        bought = await self._buy(order, summary)
        piece, words = bought.piece, bought.words_key
        return Take(scene_index=still.scene_index, digest=piece.digest, size_bytes=piece.size_bytes, words_key=words)

    async def clip(self, clip: ClipStep, summary: str) -> Take:
        """Make a scene's segment from its still; a reprise shows the footage of its first showing again.

        Raises:
            ActivityError: It cannot be made, or the run is cancelled.
        """
        if not (await self._chosen(clip.account_id, clip.video_id)).paid:
            method, policy = AnimationActivities.animate_still, self._steps.policies.animate
            return await self._steps.do(StageName.CLIPS, method, clip, policy, summary)
        if clip.footage_of is None:
            bought = await self._film(clip, summary)
            take = await self._conform(clip, clip.scene_index, bought.piece, summary)
            return take.model_copy(update={"words_key": bought.words_key})
        piece = await self._footage_of(clip.footage_of)
        if piece is None:
            return await self.move(clip, summary)
        return await self._conform(clip, clip.footage_of, piece, summary)

    def goes_without_footage(self, scene: int) -> bool:
        """Whether a scene's clip was to be bought and could not be."""
        footage = self._footage.get(scene)
        return footage is not None and footage.done() and footage.result() is None

    async def move(self, clip: ClipStep, summary: str) -> Take:
        """A plain camera move over the still instead of a clip.

        Raises:
            ActivityError: It cannot be made, or the run is cancelled.
        """
        method, policy = AnimationActivities.move_over_still, self._steps.policies.animate
        return await self._steps.do(StageName.CLIPS, method, clip, policy, summary)

    async def withdraw(self) -> None:
        """Cancel what is queued at the provider: nobody wants it any more. What fails here is reconciled later."""
        if self._has_ordered:
            await shielded(self._withdraw())

    async def _withdraw(self) -> None:
        step = WithdrawStep(workflow_id=workflow.info().workflow_id)
        policy = self._steps.policies.withdraw
        try:
            await self._run(PurchaseActivities.withdraw_jobs, step, policy, "withdraw queued jobs")
        except ActivityError:
            workflow.logger.warning("queued jobs could not be withdrawn; the reconciler will settle them")

    async def _portrait(self, order: PieceOrder) -> None:
        try:
            await self._buy(order, f"portrait · {order.character_id}")
        except ActivityError as error:
            if is_cancelled_exception(error) or not scene_cannot_be_made(error):
                raise

    async def _film(self, clip: ClipStep, summary: str) -> "_Bought":
        order = PieceOrder(
            job_key=f"{clip.scene_index:03d}",
            kind=PieceKind.CLIP,
            account_id=clip.account_id,
            video_id=clip.video_id,
            profile=clip.profile,
            scene_index=clip.scene_index,
            prompts_key=clip.prompts_key,
            plan_key=clip.plan_key,
            still_scene=clip.still_scene,
            still=clip.still,
            planned_clips=self._planned_clips,
            model=self.media.clip_model,
        )
        footage = self._footage_of(clip.scene_index)
        try:
            bought = await self._buy(order, summary)
        except ActivityError:
            footage.set_result(None)
            raise
        footage.set_result(bought.piece)
        return bought

    def _footage_of(self, scene: int) -> "asyncio.Future[Piece | None]":
        return self._footage.setdefault(scene, asyncio.Future())

    async def _conform(self, clip: ClipStep, scene: int, piece: Piece, summary: str) -> Take:
        conform = ConformStep(
            account_id=clip.account_id,
            video_id=clip.video_id,
            profile=clip.profile,
            scene_index=clip.scene_index,
            plan_key=clip.plan_key,
            footage_scene=scene,
            footage=piece.digest,
            profile_revision=clip.profile_revision,
        )
        method, policy = FootageActivities.conform_clip, self._steps.policies.animate
        return await self._steps.do(StageName.CLIPS, method, conform, policy, f"{summary} · conform")

    async def _chosen(self, account_id: str, video_id: str) -> Media:
        if self._media is None:
            still_model, clip_model = self._wishes
            question = MediaQuestion(
                account_id=account_id, video_id=video_id, still_model=still_model, clip_model=clip_model
            )
            method, policy = PurchaseActivities.choose_media, self._steps.policies.light
            asking = self._steps.do(StageName.STILLS, method, question, policy, "who makes pictures")
            self._media = asyncio.create_task(self._shown(asking))
        # One scene's withdrawal must not take the answer from the others.
        return await asyncio.shield(self._media)

    async def _shown(self, asking: Awaitable[Media]) -> Media:
        media = await asking
        if media.paid:
            self._steps.show_provider(media.provider)
        return media

    async def _buy(self, order: PieceOrder, summary: str) -> "_Bought":
        self._has_ordered = True
        purchase = _Purchase(order)
        piece = await self._steps.attempt(order.kind.stage, lambda: self._try(purchase, summary))
        return _Bought(piece, purchase.prompts_key if purchase.rewrites else "")

    async def _try(self, purchase: "_Purchase", summary: str) -> Piece:
        policies = self._steps.policies
        while True:
            order = purchase.order(workflow.info().workflow_id, policies.urgent, self.allowance())
            try:
                policy, method = policies.order(order.kind), PurchaseActivities.order_piece
                ticket = await self._run(method, order, policy, f"{summary} · order")
                policy = policies.collect(order.kind)
                collect = CollectStep(order=order, ticket=ticket, attempts=policy.retry.maximum_attempts)
                piece: Piece = await self._run(PurchaseActivities.collect_piece, collect, policy, summary)
                return piece
            except ActivityError as error:
                if is_cancelled_exception(error) or not await self._goes_on(purchase, error):
                    raise
            # Another scene may have closed the gate meanwhile: nothing more is bought until a person opens it.
            await self._steps.gates.passage(order.kind.stage)

    async def _goes_on(self, purchase: "_Purchase", error: ActivityError) -> bool:
        """Whether another purchase of the same piece is to be tried at once."""
        cause = innermost(error)
        kind = cause.type if isinstance(cause, ApplicationError) else None
        order = purchase.first
        if kind == "ContentRefused" and purchase.rewrites < MOST_REWRITES and order.prompts_key:
            rewrite = RewriteStep(
                account_id=order.account_id,
                video_id=order.video_id,
                prompts_key=purchase.prompts_key,
                scene_index=order.scene_index,
                complaint=note_on(error).sentence,
                attempt=purchase.rewrites + 1,
                allowance_micro_usd=self.allowance(),
                still_model=self.media.still_model,
                clip_model=self.media.clip_model,
            )
            method, policy = RewritingActivities.rewrite_prompt, self._steps.policies.direct
            changed = await self._run(method, rewrite, policy, f"scene {order.scene_index + 1} · other words")
            purchase.rewrite(changed.key)
            return True
        if kind in ("MediaCorrupt", "JobFailed"):
            details = cause.details if isinstance(cause, ApplicationError) else ()
            return purchase.again(str(details[0]) if details else "")
        if kind == "OutcomeUnknown":
            purchase.forced = True
        return False

    def allowance(self) -> int | None:
        """What the whole video may have cost by now, in millionths of a dollar; None: not bounded."""
        if self._spending is None or not self._spending.estimate_micro_usd:
            return None
        more = ALLOWED_AGAIN * self._steps.gates.openings
        return round(self._spending.estimate_micro_usd * (self._spending.park_at + more))

    async def _run(self, method: Any, argument: Model, policy: Policy, summary: str) -> Any:
        done = await workflow.execute_activity_method(method, argument, summary=summary, **policy.options())
        heed_cancellation()
        return done


@dataclass(frozen=True)
class _Bought:
    """A piece, and where the words stand that brought it, if the order's own were refused."""

    piece: Piece
    words_key: str


@dataclass
class _Purchase:
    """One piece on its way through refusals and failures; each revision is a job of its own."""

    first: PieceOrder
    revision: int = 0
    rewrites: int = 0
    failures: int = 0
    forced: bool = False
    prompts_key: str = ""
    remedy: str = ""
    troubles: int = 0

    def __post_init__(self) -> None:
        self.prompts_key = self.first.prompts_key

    def order(self, workflow_id: str, urgent: bool, allowance: int | None) -> PieceOrder:
        """What to order now."""
        job_key = f"{workflow_id}.{self.first.kind.value}.{self.first.job_key}.{self.revision}"
        changes = {
            "job_key": job_key,
            "prompts_key": self.prompts_key,
            "urgent": urgent,
            "forced": self.forced,
            "remedy": self.remedy,
            "troubles": self.troubles,
            "allowance_micro_usd": allowance,
        }
        return self.first.model_copy(update=changes)

    def rewrite(self, prompts_key: str) -> None:
        """Other words: another job."""
        self.prompts_key, self.rewrites = prompts_key, self.rewrites + 1
        self._next()

    def again(self, remedy: str) -> bool:
        """The same once more, under another key; False when it was tried often enough for now.

        Args:
            remedy: What is done differently, as `models.paid_media.Remedy`.
        """
        self.failures += 1
        if remedy == Remedy.LATER:
            self.troubles += 1
        elif remedy:
            self.remedy = remedy
        self._next()
        if self.failures < MOST_PURCHASES:
            return True
        # A person lets it go on: that was the pause.
        self.failures = self.troubles = 0
        return False

    def _next(self) -> None:
        self.revision, self.forced = self.revision + 1, False
