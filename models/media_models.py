"""Limits of the image and video models that prompts must keep to."""

from pydantic import Field

from models.base import Model
from models.storyboard import ScenePrompt

MODEL_NAME_MAX_CHARS = 120
"""Pattern of a model's name: an endpoint, or an endpoint and a resolution."""


class PromptLimits(Model):
    """Limits on prompts for the chosen models. The defaults suit every model on offer."""

    image_max_chars: int = Field(default=2_000, ge=400, description="of a still's whole prompt, the style included")
    motion_max_chars: int = Field(default=1_000, ge=200, description="of a clip's whole prompt, the camera included")

    def take(self, prompt: ScenePrompt) -> bool:
        """Whether the models accept a prompt of this length."""
        fits = len(prompt.image_prompt) <= self.image_max_chars
        return fits and len(prompt.motion_prompt) <= self.motion_max_chars
