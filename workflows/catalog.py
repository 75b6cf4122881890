"""All workflow types: those that workers serve, and that histories are replayed against."""

from workflows.account_data import EraseAccount, ExportAccount
from workflows.analyze_song import AnalyzeSong
from workflows.bookkeeping import ReconcileCredits, ReconcileJobs, VerifyLedger
from workflows.deletion import RemoveFromVault
from workflows.enhance_brief import EnhanceBrief
from workflows.export_video import ExportVideo
from workflows.generate_video import GenerateVideo
from workflows.paint_styles import PaintStyles
from workflows.rebuild_version import RebuildVersion
from workflows.regenerate_scene import RegenerateScene
from workflows.tidy_up import TidyUp

WORKFLOWS = [
    GenerateVideo,
    RegenerateScene,
    RebuildVersion,
    AnalyzeSong,
    ReconcileCredits,
    ReconcileJobs,
    VerifyLedger,
    PaintStyles,
    RemoveFromVault,
    EnhanceBrief,
    TidyUp,
    ExportVideo,
    ExportAccount,
    EraseAccount,
]
