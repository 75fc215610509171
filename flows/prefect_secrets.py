"""Settings of a flow run: from the environment, and secrets from Prefect's blocks where the environment has none."""

from __future__ import annotations

import os
from pathlib import Path

from prefect.blocks.system import Secret as SecretBlock

from flows.settings import SECRETS, Settings, load_settings


def settings_of_run(*, sources: Path | None = None) -> Settings:
    """The settings in force, with the Secret block `ajar-slack-webhook` for an unset AJAR_SLACK_WEBHOOK, and so
    for the other secrets. A block that is not there sets nothing.

    Raises ConfigurationError like `load_settings`.
    """
    environment = dict(os.environ)
    for setting in sorted(SECRETS):
        variable = f"AJAR_{setting.upper()}"
        if not environment.get(variable):
            environment[variable] = _block(f"ajar-{setting.replace('_', '-')}")
    return load_settings(environment, sources=sources)


def _block(name: str) -> str:
    """The value of a Secret block; empty when there is none."""
    try:
        block = SecretBlock.load(name)
    except ValueError:
        return ""
    return str(block.get())  # type: ignore[union-attr]
