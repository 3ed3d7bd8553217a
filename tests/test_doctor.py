"""The doctor finds what is put wrong, and says what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance import doctor
from stance.doctor import BAD, NOTE, check_environment, check_packages, check_processor, check_traps, examine


def test_this_environment_is_well() -> None:
    findings = examine()
    assert not [finding for finding in findings if finding.level == BAD]
    assert any(finding.what.startswith("onnxruntime ") for finding in findings)


def test_missing_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name in ("torch", "spacy"):
            raise doctor.PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(doctor, "version", version)
    found = {finding.what: finding for finding in check_packages()}
    assert found["torch is not installed"].level == BAD
    assert found["spacy is not installed"].level == NOTE
    assert found["spacy is not installed"].remedy == "pip install 'stance[articles]' if you need it"


@pytest.mark.parametrize(("name", "number"), [("omegaconf", "2.4.0"), ("mlflow", "3.18.0"), ("transformers", "4.57.1")])
def test_known_traps(monkeypatch: pytest.MonkeyPatch, name: str, number: str) -> None:
    monkeypatch.setattr(doctor, "version", lambda one: number if one == name else "0.0.0-not-a-trap")
    monkeypatch.setattr(doctor, "TRAPS", [trap for trap in doctor.TRAPS if trap[0] == name])
    [finding] = check_traps()
    assert (finding.level, f"{name} {number}" in finding.what, bool(finding.remedy)) == (BAD, True, True)


def test_processors(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("flags : fma avx2 avx512_vnni avx512_bf16")
    assert [finding.level for finding in check_processor(cpuinfo)] == ["ok"]
    cpuinfo.write_text("flags : sse2")
    levels = [finding.level for finding in check_processor(cpuinfo)]
    assert levels == [BAD, NOTE, NOTE, "ok"]


def test_idle_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.os, "cpu_count", lambda: 8)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert [finding.remedy for finding in check_environment()][:1] == ["unset OMP_NUM_THREADS"]
