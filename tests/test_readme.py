"""The README stays true: its Python runs, its commands exist, its links lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from stance.command_line import compose
from stance.console import parser
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_block_runs(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [block] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(ROOT)
    exec(compile(block.replace("models/stance", str(bundle)), "README.md", "exec"), {})
    assert "Odile Strand" in capsys.readouterr().out


def test_every_command_exists() -> None:
    scripts = set(re.findall(r"python (scripts/[\w/]+\.py)", README))
    assert len(scripts) >= 7
    assert all((ROOT / script).is_file() for script in scripts)
    targets = set(re.findall(r"make (\w+)", README))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"quickstart", "test", "model"} <= targets
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def scripts_shown() -> list[tuple[str, list[str]]]:
    """(script, overrides) of every line of the README that runs one; comments may show more overrides."""
    shown = []
    for script, arguments in re.findall(r"python scripts/([\w/]+)\.py(.*)", README):
        shown.append((script, re.findall(r"(?<![\w.])([a-z_]+(?:\.\w+)?=[^\s|]+)", arguments)))
    return shown


@pytest.mark.parametrize(("script", "overrides"), scripts_shown())
def test_every_setting_shown_is_accepted(script: str, overrides: list[str]) -> None:
    """The overrides compose with the script's own config and schema, which refuse unknown keys and wrong types."""
    schema = runpy.run_path(str(ROOT / "scripts" / f"{script}.py"))["Config"]
    given = [one for one in overrides if not one.startswith("model=")]
    text = (ROOT / "configs" / f"{script}.yaml").read_text(encoding="utf-8")
    missing = [f"{key}=x" for key in re.findall(r"^(\w+): \?\?\?", text, re.MULTILINE)]
    named = {one.split("=")[0] for one in given}
    assert compose(script, schema, [*given, *(one for one in missing if one.split("=")[0] not in named)])


def test_every_subcommand_shown_exists() -> None:
    shown = set(re.findall(r"^stance (\w+)", README, re.MULTILINE))
    assert shown == {"analyze", "predict", "info", "doctor"}
    for command in shown:
        with pytest.raises(SystemExit) as ended:
            parser().parse_args([command, "--help"])
        assert ended.value.code == 0


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:src|configs|data|tests|scripts)/[\w./]*)`", README))))
def test_every_path_named_exists(path: str) -> None:
    assert (ROOT / path).exists()
