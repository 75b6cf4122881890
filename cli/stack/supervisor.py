"""Starts the parts of a stack, restarts what crashes, and stops everything in order.

All child processes are started by one thread, which lives until they are stopped: the kernel ties a child's death
signal to the thread that forked it. Waiting for health happens in helper threads, so that the parts start side by side.
"""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from cli.stack.parts import Part, api_part, s3_part, temporal_part, wait_until_healthy, worker_part
from cli.stack.plan import StackPlan
from cli.stack.privacy import close_all, private_folder
from cli.stack.processes import Child, last_lines, rotate
from cli.stack.state import StackState, mark_of, state_file, write_state
from models.failures import NoServer
from stores.database import migrate

START_TIMEOUT_S = 120.0
FIRST_BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 30.0
CALM_S = 60.0
"""A part that ran this long restarts with the shortest backoff when it crashes."""

_WATCH_S, _CLOSE_S = 0.1, 2.0
_TAIL_LINES, _READ_LINES = 8, 200
_TAKEN = "address already in use"

Say = Callable[[str], None]


class StackFailed(NoServer):
    """A part of the local stack did not start; the others were stopped.

    Args:
        message: The sentence for people.
        lost_a_port: Whether the part's log says that a port was taken: Temporal chooses some itself.
    """

    def __init__(self, message: str, lost_a_port: bool = False) -> None:
        super().__init__(message)
        self.lost_a_port = lost_a_port


@dataclass
class _Run:
    part: Part
    child: Child
    started: float
    backoff_s: float = FIRST_BACKOFF_S
    due: float | None = None


class Supervisor:
    """One stack, from its start to its end.

    Args:
        plan: The stack's plan.
        say: Receives messages for people, also from another thread.
    """

    def __init__(self, plan: StackPlan, say: Say) -> None:
        self._plan = plan
        self._say = say
        self._runs: dict[str, _Run] = {}
        self._settled = threading.Event()
        self._stopping = threading.Event()
        self._hurry = threading.Event()
        self._code_is_old = threading.Event()
        self._failure: BaseException | None = None
        self._pool = ThreadPoolExecutor(5, "stack-start")
        # A daemon: if the interpreter ends without `stop`, the kernel kills the children.
        self._thread = threading.Thread(target=self._main, name="stack", daemon=True)

    def start(self) -> StackState:
        """Start all parts and wait until they are healthy. Raises `StackFailed`: one did not start; none is left."""
        self._thread.start()
        self._settled.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self._state()

    def stop(self) -> None:
        """Stop everything in order: page, worker, then both servers. An interrupt meanwhile kills the rest at once."""
        self._stopping.set()
        while self._thread.is_alive():
            try:
                self._thread.join()
            except KeyboardInterrupt:
                self._hurry.set()

    def restart_ours(self) -> None:
        """Restart the processes that run our code, because it has changed."""
        self._code_is_old.set()

    def _main(self) -> None:
        try:
            try:
                self._start_all()
                self._write_state()
            except BaseException as error:  # the boundary of the thread: `start` raises it
                self._failure = error
                self._stopping.set()
                self._stop_all()
                return
            finally:
                self._settled.set()
            self._watch()
            self._stop_all()
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _start_all(self) -> None:
        plan = self._plan
        private_folder(plan.logs)
        first = [self._begin(temporal_part(plan)), self._begin(s3_part(plan))]
        migrated = self._pool.submit(migrate, plan.database_url)
        temporal, s3 = (self._pool.submit(self._await_health, run) for run in first)
        # The worker imports for longer than the object store takes to start: they may do so side by side. The database
        # must be ready, and Temporal must know the search attributes.
        self._expect([migrated, temporal], beside=[s3])
        rest = [s3]
        if plan.worker_script is not None:
            worker = self._begin(worker_part(plan, plan.worker_script))
            rest.append(self._pool.submit(self._await_health, worker))
        if plan.serves_api:
            rest.append(self._pool.submit(self._await_health, self._begin(api_part(plan))))
        self._expect(rest)

    def _expect(self, needed: list[Future[None]], beside: list[Future[None]] | None = None) -> None:
        """Wait for all of `needed`; the first failure, also of `beside`, is raised at once."""
        waiting = {*needed, *(beside or [])}
        while not all(future.done() for future in needed):
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
        for future in needed:
            future.result()

    def _begin(self, part: Part) -> _Run:
        log = self._plan.logs / f"{part.name}.log"
        rotate(log)
        part.sweep()
        run = _Run(part, Child(part.command, env=part.env, cwd=part.cwd, log=log), time.monotonic())
        self._runs[part.name] = run
        return run

    def _await_health(self, run: _Run) -> None:
        """Runs in a helper thread."""
        problem = wait_until_healthy(run.part, run.child, give_up=self._stopping.is_set, timeout_s=START_TIMEOUT_S)
        if problem is not None:
            sentence = self._with_tail(f"The local stack did not start: {run.part.name}: {problem}.", run)
            raise StackFailed(sentence, any(_TAKEN in line.lower() for line in last_lines(run.child.log, _READ_LINES)))

    def _with_tail(self, sentence: str, run: _Run) -> str:
        lines = "".join(f"\n  {line[:300]}" for line in last_lines(run.child.log, _TAIL_LINES))
        return f"{sentence} The end of {run.child.log}:{lines}" if lines else sentence

    def _watch(self) -> None:
        closed = float("-inf")
        while not self._stopping.wait(_WATCH_S):
            if time.monotonic() - closed > _CLOSE_S:
                # SeaweedFS opens some of its files to all users, whatever the umask says.
                close_all(self._plan.home / "s3")
                closed = time.monotonic()
            if self._code_is_old.is_set():
                self._code_is_old.clear()
                self._replace("api")
                self._replace("worker")
            for run in list(self._runs.values()):
                self._revive(run)

    def _revive(self, run: _Run) -> None:
        code = run.child.exit_code
        if code is None:
            return
        now = time.monotonic()
        if run.due is None:
            run.child.stop(0)  # its children must not run beside its successor
            calm = now - run.started > CALM_S
            backoff_s = FIRST_BACKOFF_S if calm else run.backoff_s
            run.due, run.backoff_s = now + backoff_s, min(2 * backoff_s, LONGEST_BACKOFF_S)
            how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
            self._say(f"{run.part.name} {how}: starting it again. Its log: {run.child.log}")
        elif now >= run.due:
            again = self._begin(run.part)
            again.backoff_s = run.backoff_s
            self._announce(again)

    def _replace(self, name: str) -> None:
        run = self._runs.get(name)
        if run is None:
            return
        run.child.stop(run.part.stop_grace_s, hurry=self._hurry)
        self._announce(self._begin(run.part))

    def _announce(self, run: _Run) -> None:
        self._write_state()
        healthy = self._pool.submit(self._await_health, run)

        def say_so(future: Future[None]) -> None:
            if future.cancelled():
                return
            error = future.exception()
            if error is None:
                self._say(f"{run.part.name} is up again.")
            elif run.child.exit_code is None and not self._stopping.is_set():
                self._say(str(error))  # it hangs; an ended one is restarted

        healthy.add_done_callback(say_so)

    def _stop_all(self) -> None:
        state_file(self._plan.home).unlink(missing_ok=True)
        for name in ("api", "worker"):
            self._end(name)
        # The servers do not use each other, and each takes a second.
        with ThreadPoolExecutor(2, "stack-stop") as stops:
            for ended in [stops.submit(self._end, name) for name in ("temporal", "s3")]:
                ended.result()

    def _end(self, name: str) -> None:
        run = self._runs.pop(name, None)
        if run is None:
            return
        if not run.child.stop(run.part.stop_grace_s, hurry=self._hurry) and not self._hurry.is_set():
            self._say(f"{name} did not stop within {run.part.stop_grace_s:.0f} s and was killed.")
        run.part.sweep()

    def _state(self) -> StackState:
        parts = {name: run.child.mark for name, run in self._runs.items() if run.child.mark is not None}
        return self._plan.state().model_copy(update={"supervisor": mark_of(os.getpid()), "parts": parts})

    def _write_state(self) -> None:
        write_state(self._state())
