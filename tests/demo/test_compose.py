"""docker-compose.yml and Dockerfile name nothing that does not exist; no engine is needed to tell."""

import ast
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
# Read by the images or by the file itself.
FOREIGN = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "DATABASE_OWNER_PASSWORD"}


def example_names() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


READERS = {"text", "flag", "words", "pairs", "rates", "whole_numbers"}


def settings_names() -> set[str]:
    """The variables that the settings read: first arguments of env.text, flag and the like."""
    found = {"DJANGO_SETTINGS_MODULE", "DATABASE_WEB_PASSWORD", "DATABASE_WORKER_PASSWORD"}
    for path in (ROOT / "manager" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).split(".")[-1] in READERS:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_is_read_by_somebody(service: str) -> None:
    given = set(SERVICES[service].get("environment", {}))
    known = settings_names() | (set() if service in OURS else FOREIGN)
    if service == "postgres":
        known |= {
            name for name in given if f"${name}" in (ROOT / "manager/demo/services/sql/init.sh").read_text()
        }
    assert given <= known


def test_every_substituted_variable_is_in_the_example() -> None:
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert used <= example_names()


def test_the_example_names_every_variable_of_the_settings() -> None:
    assert settings_names() <= example_names()


def test_the_example_names_nothing_that_is_not_read() -> None:
    read_elsewhere = {"PORT", "POSTGRES_PASSWORD", "DATABASE_OWNER_PASSWORD"}
    assert example_names() <= settings_names() | read_elsewhere


def list_commands() -> list[list[str]]:
    commands = [
        service["command"] for name, service in SERVICES.items() if name in OURS and "command" in service
    ]
    dockerfile = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    commands += [ast.literal_eval(found) for found in re.findall(r"CMD (\[.*?\])", dockerfile)]
    return commands


@pytest.mark.parametrize("command", list_commands(), ids=" ".join)
def test_every_command_exists(command: list[str]) -> None:
    program, *rest = command
    if program == "python" and rest[0] == "-m":
        assert find_spec(rest[1])
    elif program == "python":
        assert (ROOT / rest[0]).is_file()
        assert rest[1] in get_commands()
    else:
        assert re.search(rf"^{program}[=\[]", (ROOT / "requirements" / "base.txt").read_text(), re.MULTILINE)
    for word in rest:
        if re.fullmatch(r"manager\.\w+(:\w+)?", word):
            assert find_spec(word.partition(":")[0])


def test_every_mounted_file_and_volume_exists() -> None:
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]


def test_every_copied_file_exists() -> None:
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists()


def test_the_client_understands_it() -> None:
    """Where a client with compose is installed; it needs no engine for that."""
    docker = shutil.which("docker")
    if (
        not docker
        or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no docker client with compose")
    values = dict.fromkeys(example_names(), "filled")
    done = subprocess.run(
        [docker, "compose", "config", "--quiet"],
        cwd=ROOT,
        env=values,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
