"""Command lines: Hydra composes, a dataclass checks, every foreseeable error is one line and exit code 2."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import ConfigCompositionException, HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from stance.errors import StanceError, one_of

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
T = TypeVar("T")


def run(config_name: str, schema: type[T], main: Callable[[T], Any], positional: Sequence[str] = ()) -> None:
    """Compose ``configs/<config_name>.yaml`` with the command line's overrides, check it against ``schema``, run.

    ``positional`` names the keys that leading arguments without a ``=`` stand for. ``--help`` shows the config,
    ``--cfg job`` prints it resolved, ``-m a=1,2`` runs a grid: all Hydra's own. Exit code 2 with one line on stderr
    for anything that the user can mend; 130 after Ctrl-C.
    """
    try:
        flags, overrides = _parted(sys.argv[1:])
        overrides = [one for override in _named(overrides, positional) for one in _model_override(override)]
        sys.argv[1:] = [*flags, *overrides]
        if not {"-m", "--multirun", "-h", "--help", "--hydra-help"} & set(flags):
            compose(config_name, schema, overrides)  # Hydra's own error pages are long and end with code 1
        hydra.main(version_base="1.3", config_path=str(CONFIGS), config_name=config_name)(
            lambda config: _guarded(lambda: main(typed(config, schema)))
        )()
    except ConfigCompositionException as error:
        fail(_unknown_key(error, config_name) or error)
    except (StanceError, HydraException, OmegaConfBaseException) as error:
        fail(error)


_WITH_VALUE = frozenset(
    "--cfg -c --package -p --config-path -cp --config-name -cn --config-dir -cd --experimental-rerun".split()
)


def _parted(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Hydra's own flags with their values, and the overrides."""
    flags: list[str] = []
    overrides: list[str] = []
    for argument in arguments:
        is_flag = argument.startswith("-") or bool(flags and flags[-1] in _WITH_VALUE)
        (flags if is_flag else overrides).append(argument)
    return flags, overrides


def _named(overrides: list[str], positional: Sequence[str]) -> list[str]:
    names, named = iter(positional), []
    for override in overrides:
        name = "" if "=" in override else next(names, "")
        named.append(f"{name}={override}" if name else override)
    return named


def _unknown_key(error: Exception, config_name: str) -> StanceError | None:
    """Hydra's "Could not override 'training.foo'" with the keys that are known there."""
    found = re.search(r"Could not override '([\w.@/]+)'", str(error))
    if found is None:
        return None
    parent, _, key = found[1].rpartition(".")
    with hydra.initialize_config_dir(version_base="1.3", config_dir=str(CONFIGS)):
        known = OmegaConf.select(hydra.compose(config_name), parent) if parent else hydra.compose(config_name)
    if not isinstance(known, DictConfig):
        return StanceError(f"unknown key {found[1]!r}")
    return StanceError(f"unknown key {one_of(key, sorted(map(str, known)))}" + (f" (in {parent})" if parent else ""))


def compose(config_name: str, schema: type[T], overrides: list[str]) -> T:
    """The checked config of a command line, as an object of ``schema``."""
    with hydra.initialize_config_dir(version_base="1.3", config_dir=str(CONFIGS)):
        return typed(hydra.compose(config_name, overrides=overrides), schema)


def typed(config: DictConfig, schema: type[T]) -> T:
    """A Hydra config as an object of ``schema``: unknown keys and wrong types are errors that name the key."""
    config = OmegaConf.create({key: value for key, value in config.items() if key != "hydra"})
    if missing := sorted(OmegaConf.missing_keys(config)):
        raise StanceError(f"{missing[0]} is missing; give {missing[0]}=...")
    merged = OmegaConf.merge(OmegaConf.structured(schema), config)
    made: Any = OmegaConf.to_object(merged)
    return made


def resolved_yaml(config: Any) -> str:
    """A checked config as YAML, for the record of a run."""
    return OmegaConf.to_yaml(OmegaConf.create(dataclasses.asdict(config)))


def _model_override(override: str) -> list[str]:
    """``model=`` takes the name of a file in configs/model, and any hub id or local folder besides."""
    key, _, value = override.partition("=")
    if key != "model" or not value or "," in value or (CONFIGS / "model" / f"{value}.yaml").is_file():
        return [override]
    if "/" not in value and not Path(value).is_dir():
        known = sorted(path.stem for path in (CONFIGS / "model").glob("*.yaml"))
        raise StanceError(f"model is {one_of(value, known)}, or give a hub id (owner/name) or a local folder")
    return ["model=custom", f"model.weights='{value}'"]


def _guarded(main: Callable[[], Any]) -> Any:
    try:
        return main()
    except (StanceError, OmegaConfBaseException) as error:
        if HydraConfig.initialized() and HydraConfig.get().mode is RunMode.MULTIRUN:
            raise
        fail(error)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        raise SystemExit(130) from None
    except OSError as error:
        if error.filename is None:
            raise
        fail(StanceError(f"{error.filename}: {error.strerror}"))


def fail(error: Exception) -> None:
    """One line on stderr, exit code 2."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    noise = ("To append to your config", "Set the environment", "full_key:", "object_type=", "reference_type=")
    key = next((line.removeprefix("full_key: ") for line in lines if line.startswith("full_key: ")), "")
    text = "; ".join(line for line in lines if not line.startswith(noise))
    if key and key not in text:
        text = f"{key}: {text}"
    print(f"error: {text}", file=sys.stderr)
    sys.stderr.flush()
    raise SystemExit(2)
