"""A model may come as a folder, an archive of one, or an MLflow address; an archive is not trusted."""

from __future__ import annotations

import shutil
import stat
import zipfile
from pathlib import Path

import pytest

import stance
from stance import model_source
from stance.model_source import open_source
from stance.tracking import TrackingOptions, track


def zipped(folder: Path, archive: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(archive, "w") as file:
        for one in folder.iterdir():
            file.write(one, prefix + one.name)
    return archive


@pytest.mark.parametrize("prefix", ["", "stance/"])
def test_an_archive_loads_like_its_folder(bundle: Path, tmp_path: Path, prefix: str) -> None:
    model = stance.load(zipped(bundle, tmp_path / "m.zip", prefix))
    answer = model.predict("Ana", "The dam is safe", "Ana said so.")
    assert answer == stance.load(bundle).predict("Ana", "The dam is safe", "Ana said so.")
    unpacked = model.folder
    assert unpacked.is_dir()
    del model
    assert not unpacked.exists(), "the unpacked folder is gone with the model"


@pytest.mark.parametrize("name", ["../evil.txt", "/evil.txt", "a/../../evil.txt", "..\\evil.txt"])
def test_an_archive_cannot_write_outside_its_folder(bundle: Path, tmp_path: Path, name: str) -> None:
    archive = zipped(bundle, tmp_path / "m.zip")
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr(name, "gotcha")
    with pytest.raises(stance.InputError, match="leads outside"):
        stance.load(archive)
    assert not list(tmp_path.rglob("evil.txt"))


def test_links_bombs_and_rubbish_are_refused(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = zipped(bundle, tmp_path / "m.zip")
    with zipfile.ZipFile(archive, "a") as file:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    with pytest.raises(stance.InputError, match="leads outside"):
        stance.load(archive)
    (tmp_path / "no.zip").write_bytes(b"PK no archive")
    with pytest.raises(stance.InputError, match="cannot be unpacked"):
        stance.load(tmp_path / "no.zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as file:
        file.writestr("readme.txt", "no model here")
    with pytest.raises(stance.InputError, match="holds 0 models"):
        stance.load(tmp_path / "empty.zip")
    monkeypatch.setattr(model_source, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(stance.InputError, match="unpacks to"):
        stance.load(zipped(bundle, tmp_path / "big.zip"))


def test_mlflow_addresses(bundle: Path, tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mlflow

    uri = f"sqlite:///{shutil.copy(empty_store, tmp_path)}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    mlflow.set_tracking_uri(uri)
    mlflow.create_experiment("test", artifact_location=str(tmp_path / "artifacts"))
    with track(TrackingOptions(uri=uri, experiment="test")) as tracker:
        tracker.model(bundle, register="stance")
        run_id = tracker.run_id
    mlflow.MlflowClient().set_registered_model_alias("stance", "champion", "1")
    expected = stance.load(bundle).predict("Ana", "The dam is safe", "Ana said so.")
    for address in ("models:/stance@champion", "models:/stance/1", f"runs:/{run_id}/model"):
        assert stance.load(address).predict("Ana", "The dam is safe", "Ana said so.") == expected
    with pytest.raises(stance.StanceError, match=r"models:/nothing/1: .*MLFLOW_TRACKING_URI"):
        stance.load("models:/nothing/1")


def test_a_folder_is_taken_as_it_is(bundle: Path) -> None:
    assert open_source(bundle).folder == bundle
