"""One module of tests, run by a plain CPython or under Lictor, and what each test came to.

Both runs are the same script in the same circumstances: the worker's flags, its environment,
a fresh working folder, no stdin. A test that ends its run (a crash, a verdict of Lictor's, a
wall limit) has that as its outcome, and the tests after it are run by another process.
"""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
GUEST = HERE / "guest.py"
POLICY = HERE / "policy.toml"

# What Lictor's workers are started with, and nothing of this process's environment.
FLAGS = ["-s", "-P", "-S"]
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHON_DISABLE_REMOTE_DEBUG": "1",
}
# More tests than these don't end their run in a module that is of any use here.
RESTARTS = 60


@dataclass
class Test:
    """What became of one test."""

    outcome: str
    reasons: list = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Module:
    """What became of a module's tests, and what the hook did meanwhile."""

    tests: dict = field(default_factory=dict)
    steps: int = 0
    events: int = 0
    seconds: float = 0.0

    def record(self, name, outcome, reasons=(), seconds=0.0):
        """Several outcomes of one name, such as two doctests', are one outcome."""
        before = self.tests.get(name)
        if before is not None and not name.startswith(("environment.", "import")):
            outcome = "+".join(sorted({*before.outcome.split("+"), *outcome.split("+")}))
            reasons = [*before.reasons, *reasons]
        self.tests[name] = Test(outcome, list(reasons), seconds)


class Drain(threading.Thread):
    """Reads a descriptor to its end and counts the lines."""

    def __init__(self, descriptor):
        super().__init__(daemon=True)
        self.descriptor, self.lines, self.last = descriptor, 0, b""
        self.start()

    def run(self):
        while chunk := os.read(self.descriptor, 1 << 20):
            self.lines += chunk.count(b"\n")
        os.close(self.descriptor)


class Plain:
    """Starts a plain CPython."""

    mode = "plain"

    def __init__(self, python):
        self.python = python

    def run(self, folder, arguments, wall, module):
        """Why the run ended early, or None."""
        command = [self.python, *FLAGS, GUEST, self.mode, *arguments]
        status = finish(command, ENVIRONMENT, folder, wall)
        if status is None:
            return "stopped: no end within its time"
        return f"stopped: exit status {status}" if status else None


class Lictor:
    """Starts a CPython under Lictor, every part of the hook armed."""

    mode = "lictor"

    def __init__(self, program, python):
        self.program, self.python = program, python

    def run(self, folder, arguments, wall, module):
        """Why the run ended early, or None."""
        with tempfile.TemporaryDirectory(prefix="lictor-") as own:
            report, log = Path(own, "report.json"), Path(own, "log")
            # The log is read as it comes: it would fill a disk.
            os.mkfifo(log)
            reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
            writer = os.open(log, os.O_WRONLY)
            os.set_blocking(reader, True)
            events = Drain(reader)
            command = [self.program, "run", "--policy", POLICY, "--python", self.python]
            command += ["--limit", f"wall={wall}s", "--report", report, "--audit", log]
            command += [GUEST, self.mode, *arguments]
            status = finish(command, {**ENVIRONMENT, "RUST_BACKTRACE": "0"}, folder, wall + 60)
            os.close(writer)
            events.join()
            try:
                told = json.loads(report.read_text())
            except (OSError, ValueError):
                return f"stopped: Lictor wrote no report, exit status {status}"
        # A run record and an end record are in each log.
        module.events += max(events.lines - 2, 0)
        module.steps += told["usage"]["steps"] or 0
        if told["verdict"] == "completed":
            return None
        return f"stopped: {told['verdict']}: {told['summary']}"


def finish(command, environment, folder, wall):
    """Runs a program to its end, and ends what it leaves behind; None if it takes too long.

    It has no input, and its output is a pipe, as a worker's is.
    """
    child = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    drains = [Drain(os.dup(stream.fileno())) for stream in (child.stdout, child.stderr)]
    child.stdout.close()
    child.stderr.close()
    try:
        return child.wait(wall)
    except subprocess.TimeoutExpired:
        return None
    finally:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
        for drain in drains:
            drain.join(1)


def run(starter, name, wall):
    """Runs a module's tests, as often as it takes to come to the end of them."""
    module = Module()
    for _ in range(RESTARTS):
        with tempfile.TemporaryDirectory(prefix="guest-") as folder:
            results = Path(folder).resolve() / "results"
            passed_over = Path(folder).resolve() / "passed-over"
            passed_over.write_text("\n".join(module.tests))
            work = Path(folder).resolve() / "work"
            work.mkdir()
            arguments = [str(results), name, str(passed_over)]
            since = time.monotonic()
            why = starter.run(work, arguments, wall, module)
            module.seconds += time.monotonic() - since
            told = results.read_bytes().splitlines() if results.exists() else []
        started, finished = read(module, told)
        if finished and why is None:
            return module
        if finished:
            # All tests are over: it is the end of the interpreter that differs.
            module.record("end", why)
            return module
        if started is None:
            module.record("import", why or "stopped: silently")
            return module
        module.record(started, why or "stopped: silently")
    module.record("end", f"stopped: after {RESTARTS} runs")
    return module


def read(module, lines):
    """Takes up what a run told: the test that was under way, and whether it was the last."""
    started, finished = None, False
    for line in lines:
        told = json.loads(line)
        if "started" in told:
            started = told["started"]
        elif "test" in told:
            if told["test"] == started:
                started = None
            module.record(told["test"], told["outcome"], told["reasons"], told["seconds"])
        else:
            finished = True
    return started, finished
