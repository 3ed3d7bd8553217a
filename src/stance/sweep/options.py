"""What a sweep tries: its settings, their ranges, and the recipe that they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import product
from typing import Any

from stance.errors import StanceError, one_of
from stance.training import Recipe

SAMPLERS = ("tpe", "grid", "random")


@dataclass
class SweepOptions:
    """What is tried. ``space`` holds settings as configs nest them, and in the place of a value ``{low, high[, log]}``
    or ``{choices}``; ``trials`` counts all trials of the study, those of former runs included, and a grid is tried
    whole if it is 0. ``workers=0`` only helps with the trials of a sweep that another process leads."""

    name: str = "sweep"
    space: dict[str, Any] = field(default_factory=dict)
    trials: int = 20
    sampler: str = "tpe"
    prune: bool = True
    workers: int = 1
    storage: str = "sqlite:///outputs/sweeps.db"

    def __post_init__(self) -> None:
        if self.sampler not in SAMPLERS:
            raise StanceError(f"sweep.sampler is {one_of(self.sampler, SAMPLERS)}")
        if self.workers < 0:
            raise StanceError(f"sweep.workers is {self.workers}; choose 0 or more")
        self.space = dict(_flat(self.space))
        for key, values in self.space.items():
            _check_values(key, values)
        if self.sampler == "grid" and not all("choices" in values for values in self.space.values()):
            raise StanceError("sweep.sampler=grid needs choices for every setting of sweep.space")


def _flat(space: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested settings as (``training.seed``, what is tried)."""
    for name, values in space.items():
        if isinstance(values, Mapping) and not {"low", "high", "choices"} & set(values):
            yield from _flat(values, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", values


def _check_values(key: str, values: Any) -> None:
    known = {"choices"}, {"low", "high"}, {"low", "high", "log"}
    if not isinstance(values, Mapping) or set(values) not in known:
        raise StanceError(f"sweep.space.{key} is {values!r:.60}; give {{low: A, high: B}} or {{choices: [A, B]}}")
    if "choices" in values:
        return
    low, high = values["low"], values["high"]
    if any(isinstance(end, bool) or not isinstance(end, int | float) for end in (low, high)):
        raise StanceError(f"sweep.space.{key}: low {low!r} and high {high!r} must be numbers")
    if low > high or (values.get("log") and low <= 0):
        raise StanceError(f"sweep.space.{key}: low {low} must be at most high {high}, and above 0 with log")


def with_settings(recipe: Recipe, settings: Mapping[str, Any]) -> Recipe:
    """The recipe with some settings (``training.epochs``) replaced; unknown ones and bad values are errors."""
    changed = recipe
    for key, value in settings.items():
        group, _, name = key.partition(".")
        options = getattr(changed, group, None)
        if options is None or name not in {one.name for one in fields(options)}:
            raise StanceError(f"sweep.space.{key}: no such setting; choose from {', '.join(recipe.settings())}")
        changed = replace(changed, **{group: replace(options, **{name: value})})
    return changed


def corners(space: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each setting at each of its ends or choices, the others as they are."""
    for key, values in space.items():
        for value in values.get("choices", [values.get("low"), values.get("high")]):
            yield {key: value}


def grid(space: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every combination of the choices of a space."""
    return [dict(zip(space, values, strict=True)) for values in product(*(one["choices"] for one in space.values()))]


def wanted(options: SweepOptions) -> int:
    """How many trials the study shall have."""
    if options.sampler != "grid":
        return options.trials
    whole = len(grid(options.space))
    return min(options.trials, whole) if options.trials else whole
