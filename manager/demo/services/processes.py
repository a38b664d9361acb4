"""Child processes in groups of their own, which end with the process that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from manager.demo.services.account import Account

_PR_SET_PDEATHSIG = 1


class ServiceFailed(RuntimeError):
    """An embedded service did not start; the message holds the end of its log."""


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    cwd: Path | None = None,
    dies_with_parent: signal.Signals | None = None,
) -> "subprocess.Popen[bytes]":
    """Start `command` in a session of its own with its output appended to `log`.

    With `dies_with_parent` the kernel sends that signal when this process dies in whatever way
    (Linux only; elsewhere the next start clears what was left).
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_death_signal(dies_with_parent) if dies_with_parent else None,
            **(account.as_popen() if account else {}),
        )


def _death_signal(number: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def find_process(pid: int | None, *, named: str, mentions: str = "") -> psutil.Process | None:
    """Return the live process `pid` if it still is what it was: same program, same argument."""
    if not pid:
        return None
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        found = process.name() == named and mentions in " ".join(process.cmdline())
    except psutil.Error:
        return None
    return process if found else None


def stop_process(pid: int, *, first: signal.Signals = signal.SIGTERM, grace: float = 10.0) -> None:
    """Ask the process to end and, after `grace` seconds, kill its whole group."""
    try:
        process = psutil.Process(pid)
        process.send_signal(first)
        wait_for_end(process, grace)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        kill_group(pid)


def wait_for_end(process: psutil.Process, grace: float) -> None:
    """Wait until `process` is gone or a zombie.

    :raises psutil.TimeoutExpired: when it still runs after `grace` seconds.
    """
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process.pid, os.WNOHANG)
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
    raise psutil.TimeoutExpired(grace, process.pid)


def kill_group(pid: int) -> None:
    """Kill the group that the process leads, itself included."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def read_tail(log: Path, lines: int = 20) -> str:
    """Return the last lines of a log, or nothing when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
