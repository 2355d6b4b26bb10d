"""The tests run with what the jobs run with."""

from pathlib import Path

ENVIRONMENT = Path(__file__).parent.parent / "data-science" / "environment"


def test_requirements_are_those_of_the_conda_file() -> None:
    conda = (ENVIRONMENT / "conda.yml").read_text().splitlines()
    pinned = [line.strip().removeprefix("- ") for line in conda if "==" in line]
    wanted = (ENVIRONMENT / "requirements.txt").read_text().splitlines()
    assert pinned == [line for line in wanted if not line.startswith("#")]
