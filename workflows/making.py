"""Making a scene's still and clip, in the same way for a draft and for Studio.

The local painter and animator draw each in one step. A bought piece takes two: an order, whose ticket is in the history
before any waiting, and its collection. One step decides once which of the two a run uses.
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
    from models.ids import digest_of
    from models.paid_media import (
        ALLOWED_AGAIN,
        CastStep,
        CollectStep,
        ConformStep,
        Media,
        MediaQuestion,
        PieceKind,
        PieceOrder,
        Remedy,
        RewriteStep,
        SpendingPlan,
        WithdrawStep,
    )
    from models.progress import StageName
    from models.stages import stage_that_buys
    from models.takes import Take
    from workflows.failure_policy import MOST_PURCHASES, MOST_REWRITES, innermost, note_on, scene_cannot_be_made
    from workflows.flow import all_or_none, heed_cancellation
    from workflows.policies import Policy
    from workflows.saga import shielded
    from workflows.steps import Steps


class Making:
    """Stills and clips, one scene at a time."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._wishes = ("", "")
        self._media: asyncio.Task[Media] | None = None
        self._is_cast = True
        self._footage: dict[int, asyncio.Future[Take | None]] = {}
        self._spending: SpendingPlan | None = None
        self._planned_clips = 0
        self._has_ordered = False

    def plan_spending(self, spending: SpendingPlan | None, clips: int) -> None:
        """The run's cost limit, and the number of clips it buys; without a plan only the number of pieces limits it."""
        self._spending, self._planned_clips = spending, clips

    def wish(self, still_model: str, clip_model: str) -> None:
        """Choose the models to buy from, for all scenes of the run; empty names mean the defaults."""
        self._wishes = (still_model, clip_model)

    @property
    def media(self) -> Media:
        """The models that make the run's pictures, as far as chosen."""
        known = self._media is not None and self._media.done() and not self._media.cancelled()
        return self._media.result() if self._media is not None and known else Media()

    async def cast(self, story: StoryStep) -> None:
        """Buy a portrait of each character without references, once; stills wait for it.

        A character whose portrait cannot be made goes without references.

        Raises:
            ActivityError: Any other failure, or the run is cancelled.
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

    async def still(self, still: StillStep, summary: str, edition: str = "") -> Take:
        """Make a scene's still; another edition of it is bought anew.

        Raises:
            ActivityError: It cannot be made, or the run is cancelled.
        """
        if not (await self._chosen(still.account_id, still.video_id)).paid:
            method, policy = ImageryActivities.paint_still, self._steps.policies.paint
            return await self._steps.do(StageName.STILLS, method, still, policy, summary)
        if still.with_cast:
            await workflow.wait_condition(lambda: self._is_cast)
        order = PieceOrder(
            job_key=f"{still.scene_index:03d}" + (f"-{edition}" if edition else ""),
            kind=PieceKind.STILL,
            account_id=still.account_id,
            video_id=still.video_id,
            profile=still.profile,
            scene_index=still.scene_index,
            prompts_key=still.prompts_key,
            model=self.media.still_model,
        )
        return await self._buy(order, summary)

    async def clip(self, clip: ClipStep, summary: str, film_plan_key: str = "", first_frame: int = 0) -> Take:
        """Make a scene's segment from its still; a reprise repeats the footage of its first showing.

        Args:
            clip: The scene.
            summary: The step's name in the Temporal UI.
            film_plan_key: The plan that says how long its clip is; empty: its own.
            first_frame: Of a reprise: the first frame of that footage which it shows.

        Raises:
            ActivityError: It cannot be made, or the run is cancelled.
        """
        if not (await self._chosen(clip.account_id, clip.video_id)).paid:
            method, policy = AnimationActivities.animate_still, self._steps.policies.animate
            return await self._steps.do(StageName.CLIPS, method, clip, policy, summary)
        if clip.footage_of is None:
            filmed = await self._film(clip, summary, film_plan_key)
            take = await self._conform(clip, clip.scene_index, filmed, summary)
            return take.model_copy(update={"words_key": filmed.words_key})
        bought = await self._footage_of(clip.footage_of)
        if bought is None:
            return await self.move(clip, summary)
        return await self._conform(clip, clip.footage_of, bought, summary, first_frame)

    def goes_without_footage(self, scene: int) -> bool:
        """Whether a clip was to be bought for a scene and could not be made."""
        footage = self._footage.get(scene)
        return footage is not None and footage.done() and footage.result() is None

    def footage(self, scene: int) -> Take | None:
        """The clip that was bought for a scene; None: none was, or none yet."""
        footage = self._footage.get(scene)
        return footage.result() if footage is not None and footage.done() else None

    def remember(self, scene: int, footage: Take | None) -> None:
        """What the run before this one bought for a scene; None: it could not be made."""
        future = self._footage_of(scene)
        if not future.done():
            future.set_result(footage)

    async def move(self, clip: ClipStep, summary: str) -> Take:
        """A plain camera move over the still instead of a clip.

        Raises:
            ActivityError: It cannot be made, or the run is cancelled.
        """
        method, policy = AnimationActivities.move_over_still, self._steps.policies.animate
        return await self._steps.do(StageName.CLIPS, method, clip, policy, summary)

    async def withdraw(self) -> None:
        """Cancel the run's queued jobs at the provider. Whatever fails here is reconciled later."""
        if self._has_ordered or self._footage:
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

    async def _film(self, clip: ClipStep, summary: str, film_plan_key: str) -> Take:
        order = PieceOrder(
            job_key=f"{clip.scene_index:03d}",
            kind=PieceKind.CLIP,
            account_id=clip.account_id,
            video_id=clip.video_id,
            profile=clip.profile,
            scene_index=clip.scene_index,
            prompts_key=clip.prompts_key,
            plan_key=film_plan_key or clip.plan_key,
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
        footage.set_result(bought)
        return bought

    def _footage_of(self, scene: int) -> "asyncio.Future[Take | None]":
        return self._footage.setdefault(scene, asyncio.Future())

    async def _conform(self, clip: ClipStep, scene: int, bought: Take, summary: str, first_frame: int = 0) -> Take:
        conform = ConformStep(
            account_id=clip.account_id,
            video_id=clip.video_id,
            profile=clip.profile,
            scene_index=clip.scene_index,
            plan_key=clip.plan_key,
            footage_scene=scene,
            footage=bought.digest,
            profile_revision=clip.profile_revision,
            first_frame=first_frame,
        )
        method, policy = FootageActivities.conform_clip, self._steps.policies.animate
        return await self._steps.do(StageName.CLIPS, method, conform, policy, f"{summary} · conform")

    async def _chosen(self, account_id: str, video_id: str) -> Media:
        if self._media is None:
            still_model, clip_model = self._wishes
            question = MediaQuestion(
                account_id=account_id, video_id=video_id, still_model=still_model, clip_model=clip_model
            )
            method, policy = PurchaseActivities.choose_media, self._steps.policies.ask
            asking = self._steps.do(StageName.STILLS, method, question, policy, "who makes pictures")
            self._media = asyncio.create_task(self._shown(asking))
        # A cancellation in one scene must not cancel the answer that the others wait for.
        return await asyncio.shield(self._media)

    async def _shown(self, asking: Awaitable[Media]) -> Media:
        media = await asking
        if media.paid:
            self._steps.show_provider(media.provider)
        return media

    async def _buy(self, order: PieceOrder, summary: str) -> Take:
        self._has_ordered = True
        purchase = _Purchase(order)
        bought = await self._steps.attempt(stage_that_buys(order.kind), lambda: self._try(purchase, summary))
        words_key = purchase.prompts_key if purchase.rewrites else ""
        return bought.model_copy(update={"scene_index": order.scene_index, "words_key": words_key})

    async def _try(self, purchase: "_Purchase", summary: str) -> Take:
        policies = self._steps.policies
        while True:
            order = purchase.order(workflow.info().workflow_id, policies.urgent, self.allowance())
            try:
                policy, method = policies.order(order.kind), PurchaseActivities.order_piece
                ticket = await self._run(method, order, policy, f"{summary} · order")
                policy = policies.collect(order.kind)
                collect = CollectStep(order=order, ticket=ticket, attempts=policy.retry.maximum_attempts)
                bought: Take = await self._run(PurchaseActivities.collect_piece, collect, policy, summary)
                return bought
            except ActivityError as error:
                if is_cancelled_exception(error) or not await self._goes_on(purchase, error):
                    raise
            # Another scene may have closed the gate meanwhile: buy nothing more until a person opens it.
            await self._steps.gates.passage(stage_that_buys(order.kind))

    async def _goes_on(self, purchase: "_Purchase", error: ActivityError) -> bool:
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
        """The most that the whole video may have cost by now, in millionths of a dollar; None: no limit."""
        if self._spending is None or not self._spending.estimate_micro_usd:
            return None
        more = ALLOWED_AGAIN * self._steps.gates.openings
        return round(self._spending.estimate_micro_usd * (self._spending.park_at + more))

    async def _run(self, method: Any, argument: Model, policy: Policy, summary: str) -> Any:
        done = await policy.run(method, argument, summary)
        heed_cancellation()
        return done


@dataclass
class _Purchase:
    """One piece with its rewrites and retries; each revision is a job of its own."""

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
        """The next order."""
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
        """Change the words, and so the job."""
        self.prompts_key, self.rewrites = prompts_key, self.rewrites + 1
        self._next()

    def again(self, remedy: str) -> bool:
        """Buy the same again, under another key; False after too many attempts in a row.

        Args:
            remedy: The change for the next attempt, as `models.paid_media.Remedy`.
        """
        self.failures += 1
        if remedy == Remedy.LATER:
            self.troubles += 1
        elif remedy:
            self.remedy = remedy
        self._next()
        if self.failures < MOST_PURCHASES:
            return True
        # A person opened the gate: no further pause is needed.
        self.failures = self.troubles = 0
        return False

    def _next(self) -> None:
        self.revision, self.forced = self.revision + 1, False
