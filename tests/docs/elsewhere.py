"""Documented commands that `test_commands.py` does not run itself, because they need the real web, root, a container or
minutes: how each begins, and the test that runs it, or what it stands for."""

from __future__ import annotations

_SCHEDULE = "tests/end_to_end/test_prefect_schedule.py"
_MACHINES = "tests/end_to_end/test_many_machines.py"
_FILES = "tests/test_operating_files.py"

ELSEWHERE = {
    "ajar demo": (
        "tests/end_to_end/test_demo.py::test_the_demo_shows_alerts_shifts_a_trend_and_where_the_warehouse_is"
    ),
    "ajar run": "tests/end_to_end/test_killed_pass.py::test_a_killed_pass_is_completed_by_the_next",
    "ajar run --sources": (
        "tests/end_to_end/test_source_commands.py::"
        "test_add_finds_the_feed_of_a_home_page_and_the_next_run_reads_it"
    ),
    "ajar serve": f"{_SCHEDULE}::test_a_scheduled_run_fills_the_warehouse",
    "ajar report": (
        "tests/flows/test_report.py::test_the_report_lies_beside_the_warehouse_unless_told_otherwise"
    ),
    "ajar evaluate": (
        "tests/end_to_end/test_explain_and_evaluate.py::"
        "test_evaluate_keeps_its_floors_over_the_projects_own_passages"
    ),
    "ajar backfill": "tests/flows/test_backfilling.py::test_pages_of_a_warc_are_extracted",
    ".venv/bin/python -m tests.extractors.forty_feeds": (
        "tests/extractors/test_forty_feeds.py::test_the_checks_tell_a_careless_reader"
    ),
    "duckdb -readonly ajar-latest.duckdb": "tests/docs/test_pages.py::test_documented_sql_runs",
    "prefect work-pool create": f"{_SCHEDULE}::test_a_scheduled_run_fills_the_warehouse",
    "prefect --no-prompt deploy --all": f"{_SCHEDULE}::test_prefect_yaml_names_flows_that_exist",
    "prefect worker start": f"{_MACHINES}::test_two_workers_lose_nothing_when_one_is_killed_in_the_middle",
    "prefect server start": f"{_MACHINES}::test_two_workers_lose_nothing_when_one_is_killed_in_the_middle",
    "prefect deployment run": (
        f"{_SCHEDULE}::test_all_deployments_are_there_with_schedules_and_described_parameters"
    ),
    "python -m flows.prefect_setup": (
        f"{_SCHEDULE}::test_runs_that_were_left_or_missed_are_settled_but_for_the_newest"
    ),
    "sh docs/operating/deploy.sh": f"{_FILES}::test_many_machines_deploy_all_of_one_machine_but_its_pass",
    "docker": f"{_FILES}::test_the_containers_work_for_the_pools_that_are_deployed_to",
    "sudo": f"{_FILES}::test_the_units_call_commands_that_exist",
    'cp "$AJAR_HOME/backups/': "tests/flows/test_housekeeping.py::test_a_backup_can_take_the_warehouses_place",
    "rm -f": "tests/flows/test_housekeeping.py::test_a_backup_can_take_the_warehouses_place",
}
