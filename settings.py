"""The settings of every process, from environment variables with the prefix `ECHONOS_`.

A local stack needs none of them: `cli.stack.settings_for` fills in its endpoints. Secrets are left out of `repr`, and
so of logs and error texts.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, AliasChoices, Field, PositiveFloat, PositiveInt, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.beat_trackers import BeatTrackerName
from models.codec_keys import CodecKey, parse_codec_keys
from models.composition import Composition
from models.directing import TOKEN_PRICES, Directing, TokenPrice
from models.failures import InvalidInput
from models.generation import BOARD_WARNING_S, Limits
from models.local_stack import StackDescription
from models.paid_media import SpendingBounds
from models.profiles import ProfileName
from models.python_fixes import Release, missing_fixes, python_sentence
from models.queues import Work
from models.quotas import Quotas
from models.rates import Rates
from models.secrets import is_placeholder, secret_part
from models.setting_values import NO_PROXY, CodecKeys, FullPath, KindsOfWork, ProviderKey, Proxies, StoreOptions
from models.telemetry import Telemetry

CHECKOUT = Path(__file__).resolve().parent


def read_description(path: Path) -> StackDescription:
    """Read and check the description of the local stack.

    Args:
        path: temporal-dev.yaml or another file of its form.

    Returns:
        The description.

    Raises:
        InvalidInput: It cannot be read, or says something that makes no sense; the sentence names the place.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return StackDescription.model_validate(raw)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.", code="stack_file") from error
    except yaml.YAMLError as error:
        raise InvalidInput(f"{path} is not YAML: {' '.join(str(error).split())}.", code="stack_file") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the file'}: {e['msg']}" for e in error.errors())
        raise InvalidInput(f"{path}: {wrong}.", code="stack_file") from error


def _home_of_local_stack(data: dict[str, Any]) -> Path:
    stack_file = Path(data["stack_file"])
    return stack_file.parent / read_description(stack_file).data_folder


class Settings(BaseSettings):
    """Everything that may differ between two installations.

    Raises:
        InvalidInput: An environment variable has a value that makes no sense; the sentence names it.
    """

    model_config = SettingsConfigDict(
        env_prefix="ECHONOS_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    stack_file: FullPath = Field(default=CHECKOUT / "temporal-dev.yaml", description="What describes the local stack.")
    home: FullPath = Field(default_factory=_home_of_local_stack, description="The data folder.")
    database_url: str = Field(
        default_factory=lambda data: f"sqlite:///{data['home']}/echonos.db",
        repr=False,
        description="sqlite:///… or postgresql://…; may carry a password.",
    )

    s3_endpoint: str | None = Field(default=None, description="The object store's URL; unset: AWS.")
    s3_region: str = "us-east-1"
    s3_bucket: str = "echonos"
    s3_access_key: SecretStr | None = Field(default=None, repr=False)
    s3_secret_key: SecretStr | None = Field(default=None, repr=False)

    temporal_address: str | None = Field(
        default=None, description="host:port without TLS; unset: Temporal's own environment configuration."
    )
    temporal_namespace: str = "default"
    temporal_ui_url: Annotated[str, AfterValidator(lambda url: url.rstrip("/"))] | None = Field(
        default=None, pattern=r"^https?://[^\s?#]+$", description="Temporal's own pages, for support's links."
    )
    codec_keys: CodecKeys | None = Field(
        default=None,
        repr=False,
        description="`ID:BASE64`, with commas; the first encrypts what Temporal stores, the others only decrypt.",
    )
    codec_keys_file: FullPath | None = Field(default=None, description="The same, in a file, one a line.")

    telemetry: Telemetry = Field(default=Telemetry(), description="As in ECHONOS_TELEMETRY__METRICS=0.0.0.0:9464.")
    render_slots: PositiveInt = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)), description="CPU-bound jobs at once; default: the cores."
    )
    drafts_at_once: PositiveInt = Field(
        default_factory=lambda: max(2, len(os.sched_getaffinity(0))),
        description="Drafts in the making at once, in the whole deployment. Further ones wait for their turn, except "
        "an account's only one. Default: the cores, and 2 at least.",
    )
    queues: KindsOfWork = Field(
        default=",".join(Work), description="What a worker process does: kinds of work, with commas."
    )
    memory_share: float = Field(
        default=0.85, gt=0, le=1, description="A further CPU-bound job is taken while less of the memory is in use."
    )
    cached_runs: PositiveInt = Field(default=500, description="Runs that a worker keeps in memory between their tasks.")
    pollers: int = Field(default=50, ge=2, description="The most open polls of a worker for each queue.")
    build_id: str | None = Field(
        default=None, description="The version of the worker's code; set: worker versioning is on, see `deploy`."
    )
    resting_patches: Annotated[str, Field(pattern=r"^[\w, -]*$")] = Field(
        default="", description="Patches of workflows, with commas, that no run begins yet: see `deploy`."
    )
    ready_file: Path | None = Field(default=None, description="The worker creates it once it polls.")

    beat_tracker: BeatTrackerName = Field(default=BeatTrackerName.MADMOM, description="What hears the beats of songs.")
    madmom_licence: bool = Field(default=False, description="Whether you have a licence for your use of its models.")

    keep_free_bytes: PositiveInt = Field(
        default=100_000_000, description="With less free on a disk, steps that make files wait."
    )

    max_scenes: PositiveInt = Field(default=Limits().max_scenes, description="Scenes made per video.")
    max_song_s: PositiveFloat = Field(default=20 * 60, description="The longest song, decoded.")
    draft_timeout_s: PositiveFloat = Field(
        default=Limits().draft_timeout_s, description="When a run without a draft is given up."
    )
    board_timeout_s: PositiveFloat = Field(
        default=Limits().board_timeout_s, description="When a storyboard that is not answered ends like a stop."
    )

    anthropic_api_key: ProviderKey | None = Field(
        default=None, repr=False, validation_alias=AliasChoices("ANTHROPIC_API_KEY", "anthropic_api_key")
    )
    anthropic_base_url: str = Field(
        default="https://api.anthropic.com",
        pattern=r"^https?://[^\s?#]+$",
        validation_alias=AliasChoices("ANTHROPIC_BASE_URL", "anthropic_base_url"),
        description="The address of Anthropic's API, or of a gateway.",
    )
    directing: Directing = Field(
        default=Directing(),
        description="Model, effort and tokens by question, as in ECHONOS_DIRECTING__SHOTS__MODEL.",
    )
    token_prices: Annotated[dict[str, TokenPrice], AfterValidator(lambda own: TOKEN_PRICES | own)] = Field(
        default=TOKEN_PRICES, description='Dollars per million tokens: {"MODEL": {"input_usd": 3, "output_usd": 15}}.'
    )
    fal_key: ProviderKey | None = Field(default=None, repr=False, validation_alias=AliasChoices("FAL_KEY", "fal_key"))

    environment: Literal["development", "production"] = Field(
        default="production", description="`development` allows what only a developer's machine may."
    )
    api_host: str = Field(default="127.0.0.1", description="The address that the web backend binds.")
    api_port: int = Field(default=8080, ge=1, le=65_535)
    api_connections: PositiveInt = Field(default=2_000, description="Open connections of one process.")
    api_connections_per_address: PositiveInt = Field(
        default=128, description="Of those, of one address; trusted proxies count their own clients."
    )
    public_url: str = Field(
        default_factory=lambda data: f"http://{data['api_host']}:{data['api_port']}",
        pattern=r"^https?://[^/?#]+$",
        description="Where people reach the page, and providers' webhooks the backend.",
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description='Further Host headers that are answered, as in ["example.org"].'
    )
    trusted_proxies: Proxies = Field(
        default="",
        description="Networks whose X-Forwarded-For is believed, with commas; `none`: no proxy is in front.",
    )
    s3_public_endpoint: str | None = Field(
        default=None,
        description="The object store's URL for browsers and providers, where it differs from S3_ENDPOINT.",
    )
    profile: ProfileName = Field(default=ProfileName.FULL, description="The profile of a video if none is given.")
    smtp_url: SecretStr | None = Field(default=None, repr=False, description="smtp://user:password@host:587")
    mail_from: str = "Echonos <no-reply@localhost>"
    oidc_issuer: str | None = Field(default=None, description="Bearer tokens of this identity provider are taken.")
    oidc_audience: str | None = Field(default=None, description="What such tokens must be meant for.")
    oidc_scope: str | None = Field(
        default=None, pattern=r"^[!#-\[\]-~]+$", description="A scope that such tokens must have; unset: none."
    )
    oidc_clients: tuple[str, ...] = Field(
        default=(), description='Applications (`azp`) whose tokens are taken besides the audience\'s own: ["app-1"].'
    )
    stripe_api_key: SecretStr | None = Field(default=None, repr=False)
    stripe_webhook_secret: SecretStr | None = Field(default=None, repr=False)
    stripe_prices: dict[str, str] = Field(default={}, description='Price ids by offer: {"top-up-250": "price_…"}.')
    stripe_managed_payments: bool = Field(
        default=False, description="Whether Stripe sells in its own name, with tax, through Link."
    )
    stripe_api_base: str | None = Field(default=None, description="Another address than Stripe's own.")
    rates: Rates = Field(default=Rates(), description="How often one may ask, as in ECHONOS_RATES__LOG_IN=10/minute.")
    quotas: Quotas = Field(
        default=Quotas(), description="What an account may keep, as in ECHONOS_QUOTAS__STORAGE_BYTES=50000000000."
    )
    fal_tier: str = Field(default="standard", description="draft, standard or premium.")
    fal_still_endpoint: str = Field(default="", description="Another picture model than the tier's.")
    fal_clip_endpoint: str = Field(default="", description="Another clip model than the tier's.")
    fal_user_id: str | None = Field(
        default=None, description="Our account's id at fal: calls about other customers' jobs are refused then."
    )
    fal_jwks_url: str = Field(
        default="https://rest.fal.ai/.well-known/jwks.json",
        pattern=r"^https?://[^\s#]+$",
        description="The address of fal's webhook keys, or of a gateway.",
    )
    fal_concurrency: PositiveInt = Field(
        default=2, description="Jobs in flight at once; new accounts run two, later up to 40."
    )
    fal_unknown_patience_s: PositiveFloat = Field(
        default=600, description="How long a job whose submission got no answer waits for its webhook."
    )
    spending: SpendingBounds = Field(
        default=SpendingBounds(), description="Dollars per video, as in ECHONOS_SPENDING__MOST_USD."
    )

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise InvalidInput(_sentence(error), code="settings") from None

    def check_secrets(self) -> None:
        """Refuse placeholders outside development.

        Raises:
            InvalidInput: A secret is a placeholder.
        """
        if self.environment == "development":
            return
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr) and is_placeholder(secret_part(value.get_secret_value())):
                raise InvalidInput(f"{name} is a placeholder: set the real secret, or unset it.", code="settings")
        if urlsplit(self.database_url).password and is_placeholder(secret_part(self.database_url)):
            raise InvalidInput("The database's password is a placeholder: set the real one.", code="settings")

    def check_private(self) -> None:
        """Refuse, outside development, to leave artists' words readable on the Temporal server.

        Raises:
            InvalidInput: There are no codec keys, or they cannot be read.
        """
        if not self.read_codec_keys() and self.environment != "development":
            raise InvalidInput(
                "No codec keys are set, and prompts and titles would lie readable on the Temporal server: set "
                "ECHONOS_CODEC_KEYS, or ECHONOS_CODEC_KEYS_FILE, to `ID:BASE64` with 32 random bytes (`openssl rand "
                "-base64 32`), everywhere the same. ECHONOS_ENVIRONMENT=development is for a developer's machine.",
                code="settings",
            )

    def read_codec_keys(self) -> tuple[CodecKey, ...]:
        """The keys of the payload codec, the encrypting one first; none: payloads are not encrypted.

        Raises:
            InvalidInput: The file cannot be read, holds something else, or variable and file are both set.
        """
        path = self.codec_keys_file
        if self.codec_keys is not None:
            if path is not None:
                raise InvalidInput(
                    "ECHONOS_CODEC_KEYS and ECHONOS_CODEC_KEYS_FILE are both set: unset one.", "settings"
                )
            return parse_codec_keys(self.codec_keys.get_secret_value())
        if path is None:
            return ()
        try:
            return parse_codec_keys(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InvalidInput(
                f"ECHONOS_CODEC_KEYS_FILE: {path} cannot be read: {error.strerror}.", "settings"
            ) from error
        except ValueError as error:
            raise InvalidInput(f"ECHONOS_CODEC_KEYS_FILE: {path}: {error}.", "settings") from None

    @property
    def works(self) -> tuple[Work, ...]:
        """The kinds of work that a worker process does."""
        return tuple(map(Work, self.queues.split(",")))

    @property
    def proxies(self) -> tuple[str, ...]:
        """Networks whose X-Forwarded-For is believed."""
        return () if self.trusted_proxies == NO_PROXY else tuple(filter(None, self.trusted_proxies.split(",")))

    def check_safe(self, python: Release = sys.version_info[:3]) -> None:
        """Refuse, outside development, what only a developer's machine may have. For processes that face people.

        Args:
            python: The version that runs.

        Raises:
            InvalidInput: A secret is a placeholder, payloads would not be encrypted, people would connect over plain
                HTTP, no e-mail could be sent, no proxy is trusted or ruled out for client addresses, fal's webhooks
                could not be verified, or this Python lacks a known fix.
        """
        self.check_secrets()
        self.check_private()
        if self.environment == "development":
            return
        if not self.public_url.startswith("https://"):
            raise InvalidInput(
                "ECHONOS_PUBLIC_URL must begin with https:// outside development: cookies and passwords travel there. "
                "ECHONOS_ENVIRONMENT=development is for a developer's machine.",
                code="settings",
            )
        if self.smtp_url is None:
            raise InvalidInput(
                "No mail server is set, and people could not confirm their addresses: set ECHONOS_SMTP_URL.",
                code="settings",
            )
        if not self.trusted_proxies:
            raise InvalidInput(
                "ECHONOS_TRUSTED_PROXIES is not set, and limits count by client address: name the networks "
                f"of the proxies in front, as in 10.0.0.0/8, or say `{NO_PROXY}` where people reach us directly.",
                code="settings",
            )
        if self.fal_key is not None and not self.fal_user_id:
            raise InvalidInput(
                "FAL_KEY is set without ECHONOS_FAL_USER_ID: fal signs the webhooks of all its customers with the same "
                "keys, and only your account's id there tells yours from theirs.",
                code="settings",
            )
        if missing_fixes(python):
            raise InvalidInput(f"{python_sentence(python)} Production does not start without them.", code="settings")

    def run_limits(self) -> Limits:
        """What a run started with these settings is bounded by."""
        return Limits(
            draft_timeout_s=self.draft_timeout_s,
            max_scenes=self.max_scenes,
            board_timeout_s=self.board_timeout_s,
            board_warning_s=min(BOARD_WARNING_S, self.board_timeout_s / 2),
        )

    def composition(self) -> Composition:
        """Which engines these settings ask for: each key on its own takes its provider in."""
        media: Literal["fal", "local"] = "local" if self.fal_key is None else "fal"
        director: Literal["anthropic", "local"] = "local" if self.anthropic_api_key is None else "anthropic"
        return Composition(director=director, painter=media, animator=media)

    def media_choice(self) -> tuple[str, str, str, SpendingBounds, int]:
        """Tier, endpoints, budget and most scenes: what an estimate of a bought video depends on."""
        return (self.fal_tier, self.fal_still_endpoint, self.fal_clip_endpoint, self.spending, self.max_scenes)

    def store_options(self) -> StoreOptions:
        """Where the stores are, and the keys to them.

        Raises:
            InvalidInput: No S3 keys are set.
        """
        if self.s3_access_key is None or self.s3_secret_key is None:
            raise InvalidInput(
                "No object store is configured: set ECHONOS_S3_ACCESS_KEY and ECHONOS_S3_SECRET_KEY "
                "(and ECHONOS_S3_ENDPOINT outside of AWS).",
                code="settings",
            )
        return StoreOptions(
            database_url=self.database_url,
            s3_endpoint=self.s3_endpoint,
            s3_region=self.s3_region,
            s3_access_key=self.s3_access_key.get_secret_value(),
            s3_secret_key=self.s3_secret_key.get_secret_value(),
            s3_bucket=self.s3_bucket,
        )


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    path = [str(part) for part in first["loc"]] or ["settings"]
    known = {name for name, field in Settings.model_fields.items() if field.validation_alias is None}
    variable = f"ECHONOS_{'__'.join(path).upper()}" if path[0].lower() in known else path[0]
    return f"{variable}: {first['msg']}."
