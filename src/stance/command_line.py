"""Command lines: Hydra composes, a dataclass checks, every foreseeable error is one line and exit code 2."""

from __future__ import annotations

import dataclasses
import os
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

    ``positional`` names the keys that leading arguments without a ``=`` stand for.

    ``--help`` shows the config, ``--cfg job`` prints it resolved, ``-m a=1,2`` runs a grid: all Hydra's own.
    Exit code 2 with one line on stderr for anything that the user can mend; 130 after Ctrl-C.
    """
    arguments = [_model_override(argument) for argument in _named(sys.argv[1:], positional)]
    sys.argv[1:] = arguments
    try:
        _check(config_name, schema, [a for a in arguments if not a.startswith("-")], arguments)
        hydra.main(version_base="1.3", config_path=str(CONFIGS), config_name=config_name)(
            lambda config: _guarded(lambda: main(typed(config, schema)))
        )()
    except ConfigCompositionException as error:
        fail(_unknown_key(error, config_name) or error)
    except (StanceError, HydraException, OmegaConfBaseException) as error:
        fail(error)


def _named(arguments: list[str], positional: Sequence[str]) -> list[str]:
    names, named = iter(positional), []
    for argument in arguments:
        bare = "=" not in argument and not argument.startswith("-")
        name = next(names, "") if bare else ""
        named.append(f"{name}={argument}" if name else argument)
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
    merged = OmegaConf.merge(OmegaConf.structured(schema), config)
    made: Any = OmegaConf.to_object(merged)
    return made


def resolved_yaml(config: Any) -> str:
    """A checked config as YAML, for the record of a run."""
    return OmegaConf.to_yaml(OmegaConf.create(dataclasses.asdict(config)))


def _check(config_name: str, schema: type[T], overrides: list[str], arguments: list[str]) -> None:
    """Compose once before Hydra runs: its own error pages are long and end with code 1."""
    sweeping = any(argument in ("-m", "--multirun") for argument in arguments)
    if sweeping or any(argument in ("-h", "--help", "--hydra-help") for argument in arguments):
        return
    compose(config_name, schema, overrides)


def _model_override(argument: str) -> str:
    """``model=`` takes the name of a file in configs/model, and any hub id or local folder besides."""
    key, _, value = argument.partition("=")
    if key != "model" or not value or "," in value or (CONFIGS / "model" / f"{value}.yaml").is_file():
        return argument
    looks_like_weights = "/" in value or Path(value).is_dir()
    if not looks_like_weights:
        known = sorted(path.stem for path in (CONFIGS / "model").glob("*.yaml"))
        fail(StanceError(f"model is {one_of(value, known)}, or give a hub id (owner/name) or a local folder"))
    sys.argv.append(f"model.weights='{value}'")
    return "model=custom"


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


def existing_output(path: str) -> Path:
    """An output path whose folder can be written; checked before any work begins."""
    if not path:
        raise StanceError("output is empty; give output=PATH")
    target = Path(path)
    parent = next((folder for folder in target.absolute().parents if folder.exists()), Path("/"))
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise StanceError(f"output={path}: {parent} cannot be written")
    if target.is_dir():
        raise StanceError(f"output={path} is a folder, a file name is needed")
    return target
