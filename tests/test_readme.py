"""The README stays true: its Python runs, its commands exist, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


def test_every_setting_shown_is_known() -> None:
    for script, arguments in re.findall(r"python scripts/([\w/]+)\.py(.*)", README):
        config = (ROOT / "configs" / f"{script}.yaml").read_text(encoding="utf-8")
        for key in re.findall(r" ([a-z_]+)(?:\.\w+)?=", arguments.split("#")[0]):
            assert re.search(rf"^\s*(?:- )?{key}:", config, re.MULTILINE), f"{script}: {key}"


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:src|configs|data|tests|scripts)/[\w./]*)`", README))))
def test_every_path_named_exists(path: str) -> None:
    assert (ROOT / path).exists()
