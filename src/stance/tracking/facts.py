"""What every run records of its surroundings."""

from __future__ import annotations

import os
import platform
import subprocess


def surroundings() -> dict[str, str]:
    """Tags for a new run: the commit and whether the working folder has changes, and the hardware."""
    return git_tags() | {"hardware": hardware()}


def hardware() -> str:
    """Processor count and architecture, and the GPU if there is one."""
    import torch

    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return f"{os.cpu_count()} cores {platform.machine()}{gpu}"


def git_tags() -> dict[str, str]:
    """The commit of the working folder and whether it has changes, where git knows."""
    commit = _git("rev-parse", "HEAD")
    return {"git_commit": commit[:12], "git_dirty": str(bool(_git("status", "--porcelain")))} if commit else {}


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
