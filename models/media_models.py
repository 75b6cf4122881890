"""What the chosen image and video models take: whoever writes their prompts must know."""

from pydantic import Field

from models.base import Model
from models.storyboard import ScenePrompt

MODEL_NAME_MAX_CHARS = 120
"""Of a model's name, as a person gives it: an endpoint, or an endpoint and a resolution."""


class PromptLimits(Model):
    """Bounds of the prompts that the chosen models accept. The defaults suit every model that is offered."""

    image_max_chars: int = Field(default=2_000, ge=400, description="of a still's whole prompt, the style included")
    motion_max_chars: int = Field(default=1_000, ge=200, description="of a clip's whole prompt, the camera included")

    def take(self, prompt: ScenePrompt) -> bool:
        """Whether the models accept a prompt of this length."""
        fits = len(prompt.image_prompt) <= self.image_max_chars
        return fits and len(prompt.motion_prompt) <= self.motion_max_chars
