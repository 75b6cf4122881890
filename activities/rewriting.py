"""Other words for a prompt that a provider has refused.

Side effects: a document in the object store. Idempotency: its key comes from the refused prompt and the attempt. Main
queue.
"""

from activities.imagery import prompt_of
from activities.ports import ObjectStore, PromptRewriter, SpendingBook
from activities.spending import paid_by
from activities.steps import save, step
from models.generation import DocumentRef
from models.paid_media import RewriteStep
from models.progress import StageName
from models.routing import digest_of, video_prefix
from models.storyboard import PromptList


class RewritingActivities:
    """Steps that change a single prompt."""

    def __init__(self, objects: ObjectStore, rewriter: PromptRewriter, spending: SpendingBook) -> None:
        self._objects = objects
        self._rewriter = rewriter
        self._spending = spending

    @step
    def rewrite_prompt(self, rewrite: RewriteStep) -> DocumentRef:
        """The prompt of one scene in other words, as a document of its own."""
        digest = digest_of(rewrite.prompts_key, rewrite.scene_index, rewrite.attempt)
        prefix = video_prefix(rewrite.account_id, rewrite.video_id)
        key = f"{prefix}prompts-{rewrite.scene_index:03d}-again-{digest}.json"
        if self._objects.size(key) is None:
            prompt = prompt_of(self._objects, rewrite.prompts_key, rewrite.scene_index)
            with paid_by(self._spending, rewrite.account_id, rewrite.video_id, StageName.PROMPTS):
                changed = self._rewriter.rewrite(prompt, rewrite.complaint, rewrite.attempt)
            save(self._objects, key, PromptList(prompts=(changed,)))
        return DocumentRef(key=key)
