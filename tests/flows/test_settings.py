"""Settings: environment over file over defaults; every mistake is named with where it stands."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import pytest

from extractors.errors import ConfigurationError
from flows.settings import Secret, load_settings


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    (tmp_path / "ajar.toml").write_text("host_gap_seconds = 9\npages_per_source = 7\n")
    environment = {"AJAR_HOME": str(tmp_path / "home"), "AJAR_HOST_GAP_SECONDS": "1.5"}
    settings = load_settings(environment, folder=tmp_path)
    assert settings.host_gap_seconds == 1.5
    assert settings.pages_per_source == 7
    assert settings.alert_window_days == 7.0


def test_everything_kept_lies_beside_the_warehouse(tmp_path: Path) -> None:
    settings = load_settings(
        {"AJAR_HOME": str(tmp_path)}, folder=tmp_path, warehouse=tmp_path / "w" / "press.duckdb"
    )
    assert settings.published == tmp_path / "w" / "ajar-latest.duckdb"
    assert settings.staged == tmp_path / "w" / "staged" / "press"


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        (
            "AJAR_HOME",
            "somewhere/else",
            "AJAR_HOME in the environment is 'somewhere/else'; give an absolute path",
        ),
        ("AJAR_ALLOW_PRIVATE", "perhaps", "AJAR_ALLOW_PRIVATE in the environment is 'perhaps'; use 1 or 0"),
        (
            "AJAR_PAGES_PER_SOURCE",
            "many",
            "AJAR_PAGES_PER_SOURCE in the environment is 'many'; use 0 to 10000 pages",
        ),
        ("AJAR_PAGES_PER_SOURCE", "2.5", "use a whole number of pages"),
        ("AJAR_HOST_GAP_SECONDS", "nan", "use 0 to 3600 seconds"),
        ("AJAR_CONTACT", "call\nme", "AJAR_CONTACT"),
        ("AJAR_SMTP_URL", "mail.example.org", "smtps://user:password@mail.example.org:465"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(
    tmp_path: Path, variable: str, value: str, complaint: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"AJAR_HOME": str(tmp_path), variable: value}, folder=tmp_path)
    assert complaint in str(caught.value)
    assert variable in str(caught.value)


def test_an_unknown_key_of_the_file_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "ajar.toml").write_text("contakt = 'x@example.org'\n")
    with pytest.raises(
        ConfigurationError, match=r"ajar\.toml: unknown setting 'contakt'; use one of .*contact"
    ):
        load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "ajar.toml").write_text("contact = \n")
    with pytest.raises(ConfigurationError, match=r"ajar\.toml: cannot be read as TOML"):
        load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path)


def test_a_secret_in_the_file_is_refused_without_repeating_it(tmp_path: Path) -> None:
    (tmp_path / "ajar.toml").write_text("slack_webhook = 'https://hooks.slack.com/services/T/B/hush'\n")
    with pytest.raises(ConfigurationError, match="set AJAR_SLACK_WEBHOOK in the environment") as caught:
        load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path)
    assert "hush" not in str(caught.value)


def test_a_secret_never_prints() -> None:
    secret = Secret("https://hooks.slack.com/services/T/B/hush")
    assert "hush" not in f"{secret} {secret!r} {secret!s}" + str({"webhook": secret})
    assert secret.reveal().endswith("hush")


def test_a_folder_is_no_warehouse(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is a folder; name a file"):
        load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path, warehouse=tmp_path)


def test_a_secret_cannot_slip_into_json_and_survives_a_copy() -> None:
    secret = Secret("https://hooks.slack.com/services/T/B/hush")
    with pytest.raises(TypeError):
        json.dumps({"webhook": secret})
    assert pickle.loads(pickle.dumps(secret)) == copy.deepcopy(secret) == secret
    assert secret != secret.reveal()
