"""Other words for a prompt that a provider has refused.

Side effects: a document in the object store. Idempotency: its key is derived from the refused prompt and the attempt.
Provide queue.
"""

from activities.imagery import prompt_of
from activities.ports.engines import PromptRewriter, RunPlanners
from activities.ports.stores import ObjectStore, SpendingBook
from activities.spending import paid_by
from activities.steps import save, step
from models.generation import DocumentRef
from models.ids import digest_of
from models.object_keys import video_prefix
from models.paid_media import RewriteStep
from models.progress import StageName
from models.storyboard import PromptList


class RewritingActivities:
    """Steps that change a single prompt.

    Args:
        objects: The store of prompts.
        rewriter: Finds other words.
        spending: Records the rewriter's cost.
        planners: Know the prompt limits of a run's models; None: nothing is bought.
    """

    def __init__(
        self,
        objects: ObjectStore,
        rewriter: PromptRewriter,
        spending: SpendingBook,
        planners: RunPlanners | None = None,
    ) -> None:
        self._objects = objects
        self._rewriter = rewriter
        self._spending = spending
        self._planners = planners

    @step
    def rewrite_prompt(self, rewrite: RewriteStep) -> DocumentRef:
        """The prompt of one scene in other words, as a document of its own."""
        digest = digest_of(rewrite.prompts_key, rewrite.scene_index, rewrite.attempt)
        prefix = video_prefix(rewrite.account_id, rewrite.video_id)
        key = f"{prefix}prompts-{rewrite.scene_index:03d}-again-{digest}.json"
        if self._objects.size(key) is None:
            prompt = prompt_of(self._objects, rewrite.prompts_key, rewrite.scene_index)
            allowance = rewrite.allowance_micro_usd
            with paid_by(self._spending, rewrite.account_id, rewrite.video_id, StageName.PROMPTS, allowance):
                changed = self._for(rewrite).rewrite(prompt, rewrite.complaint, rewrite.attempt)
            save(self._objects, key, PromptList(prompts=(changed,)))
        return DocumentRef(key=key)

    def _for(self, rewrite: RewriteStep) -> PromptRewriter:
        if self._planners is None or not (rewrite.still_model or rewrite.clip_model):
            return self._rewriter
        return self._rewriter.within(self._planners(rewrite.still_model, rewrite.clip_model).prompt_limits)
