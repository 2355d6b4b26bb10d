"""Runs one process, detached from the server that asked for it.

    python3 -I -S supervisor.py FOLDER MACHINE

FOLDER is the process's record, made by `src/compute/record.ts`, which also says what each file in it means; MACHINE
names this boot of this machine, so that a process id is never looked up on another. Whoever holds the lock is the supervisor of this record; any other start of this program finds it taken, or already used, and
leaves. So starting it is safe at any time and any number of times.

Order matters, because the reader may look between any two steps: first the pipes are held open, then `supervisor`
is written, then the process starts. A record with `supervisor`, without `exit`, whose pipe nobody holds is lost.
"""

import ctypes
import errno
import fcntl
import json
import os
import resource
import select
import signal
import sys
import time

DEFAULT_OUTPUT_BYTES = 256 * 1024 * 1024
DEFAULT_GRACE_SECONDS = 5.0
# What a process left behind when it ended may tidy up by itself (multiprocessing's resource tracker does).
LEFTOVER_GRACE_SECONDS = 1.0
CHUNK = 1024 * 1024
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
F_SETPIPE_SZ = 1031
LISTENER = "listener"


def prctl(option, value):
    """Linux's prctl; False where there is none."""
    if not sys.platform.startswith("linux"):
        return False
    return ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0


def read_json(name):
    try:
        with open(name, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def write_json(name, value, durable=False):
    """Writes the whole file or nothing; a durable one survives a power cut."""
    temporary = "%s.%d.tmp" % (name, os.getpid())
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        if durable:
            os.fsync(file.fileno())
    os.rename(temporary, name)
    if durable:
        folder = os.open(".", os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def milliseconds():
    return int(time.time() * 1000)


def hold_pipe(name):
    """Opened both ways: a reader elsewhere sees it end when this process does, a writer finds someone who reads."""
    try:
        os.mkfifo(name, 0o600)
    except FileExistsError:
        pass
    return os.open(name, os.O_RDWR | os.O_NONBLOCK)


def acknowledge(word):
    """Tells the server that started us; it may be gone already."""
    try:
        os.write(1, word.encode())
    except OSError:
        pass
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.close(nothing)


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "SIG%d" % number


def stat_fields(pid):
    """Fields of /proc/[pid]/stat from the third on (see proc(5)); the second, a name, may hold anything, also ") 1 2"."""
    with open("/proc/%s/stat" % pid, "rb") as file:
        return file.read().rpartition(b")")[2].split()


def started_at():
    """When this process started, in the kernel's ticks, by which it is told from a later one of the same id."""
    try:
        return int(stat_fields("self")[19])
    except OSError:
        return None


def descendants():
    """Every process below this one. Orphans are below it too, since it is their subreaper."""
    children = {}
    try:
        names = os.listdir("/proc")
    except OSError:
        return []
    for name in names:
        if not name.isdigit():
            continue
        try:
            parent = int(stat_fields(name)[1])
        except (OSError, ValueError, IndexError):
            continue
        children.setdefault(parent, []).append(int(name))
    found, left = [], [os.getpid()]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += below
    return found


class Output:
    """Appends to the output file up to a limit; what is beyond is counted and dropped, or begins the file anew."""

    def __init__(self, path, limit, rolls):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        self.path = path
        self.file = self._open()
        self.rolls = rolls
        self.limit = limit
        self.left = limit
        self.dropped = 0
        self.failure = None

    def _open(self):
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)

    def roll(self):
        """What there is becomes the file `.1`, in place of an earlier one; a process without an end never falls silent."""
        try:
            os.rename(self.path, self.path + ".1")
            before, self.file = self.file, self._open()
            os.close(before)
        except OSError:
            self.left = 0
            return False  # The disk takes no new file: what is beyond is dropped.
        self.left = self.limit
        self.failure = None
        return True

    def write(self, data):
        while self.rolls and len(data) > self.left:
            self._write(data[: self.left])
            data = data[self.left :]
            if not self.roll():
                break
        kept = data[: self.left]
        self.left -= len(kept)
        if self.failure is None:
            self._write(kept)
        else:
            self.dropped += len(kept)
        if len(kept) < len(data):
            if self.dropped == 0:
                self._write(b"\n[twinloop] Output beyond %d bytes is dropped.\n" % self.limit)
            self.dropped += len(data) - len(kept)

    def _write(self, data):
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self.file, view) :]
        except OSError as error:
            # A full disk must not end the process, only its log.
            self.failure = self.failure or os.strerror(error.errno)
            self.dropped += len(view)

    def remark(self):
        if self.dropped == 0:
            return None
        why = "beyond the limit of %d bytes" % self.limit if self.failure is None else "for want of: %s" % self.failure
        return "%d bytes of output were dropped %s." % (self.dropped, why)


def take_from(process):
    """The listening socket of another process of this machine: both take connections from it, until one of them ends."""
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
        channel.connect(os.path.join("..", process, LISTENER))
        _, ancillary, _, _ = channel.recvmsg(1, socket.CMSG_SPACE(4))
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            return socket.socket(fileno=int.from_bytes(data[:4], sys.byteorder))
    raise OSError("process %s has no listening socket" % process)


def listen_on(host, port):
    import socket

    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind(address)
        listener.listen(511)
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else "cannot be listened on: %s" % os.strerror(error.errno)
        raise OSError("Port %d on %s %s." % (port, host, why))
    return listener


class Listener:
    """The process's listening socket, which is handed on to whoever of this user asks for it by the file `listener`."""

    def __init__(self, wanted):
        import socket

        self.socket = take_from(wanted["from"]) if wanted.get("from") else listen_on(wanted["host"], wanted["port"])
        self.door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.door.bind(LISTENER)
        self.door.listen(4)
        self.door.setblocking(False)

    def hand_on(self):
        import socket

        try:
            channel, _ = self.door.accept()
            with channel:
                channel.setblocking(False)
                rights = self.socket.fileno().to_bytes(4, sys.byteorder)
                channel.sendmsg([b"l"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        except OSError:
            pass  # whoever asked has gone


def start_process(spec, env, listener):
    """Forks and executes. Returns (pid, output pipe, None), or (None, None, message) if it cannot be executed."""
    output, output_end = os.pipe()
    problem, problem_end = os.pipe()
    supervisor = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != supervisor:
                os._exit(127)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(number, signal.SIG_DFL)
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, 0)
            os.dup2(output_end, 1)
            os.dup2(output_end, 2)
            if listener is not None:
                # Nothing that is needed here has this number: the lock, which stays with the supervisor, has it.
                os.dup2(listener.socket.fileno(), 3)
            os.chdir(spec["cwd"])
            os.umask(0o022)
            os.execvpe(spec["argv"][0], spec["argv"], env)
        except BaseException as error:  # nothing of the supervisor may run on in the child
            message = "%s: %s" % (spec["argv"][0], getattr(error, "strerror", None) or error)
            os.write(problem_end, message.encode("utf-8", "surrogateescape")[:4096])
            os._exit(127)
    os.close(output_end)
    os.close(problem_end)
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass  # it was quicker: set by itself, executed, or gone
    with os.fdopen(problem, "rb") as pipe:
        message = pipe.read()
    if message:
        os.waitpid(pid, 0)
        os.close(output)
        return None, None, message.decode("utf-8", "replace")
    os.set_blocking(output, False)
    try:
        fcntl.fcntl(output, F_SETPIPE_SZ, CHUNK)
    except OSError:
        pass
    return pid, output, None


class Supervision:
    """The one process while it lives: pumps what it writes, ends it when asked or late, reaps all that is below it."""

    def __init__(self, pid, pipe, output, control, timeout, listener):
        self.pid = pid
        self.listener = listener
        self.pipe = pipe
        self.output = output
        self.control = control
        self.status = None
        self.reason = None
        self.message = None
        self.timeout = timeout
        self.timeout_at = None if timeout is None else time.monotonic() + timeout
        self.kill_at = None
        self.asked_to_end = False

    def run(self, wakeup):
        poll = select.poll()
        poll.register(wakeup, select.POLLIN)
        poll.register(self.control, select.POLLIN)
        poll.register(self.pipe, select.POLLIN)
        door = None if self.listener is None else self.listener.door.fileno()
        if door is not None:
            poll.register(door, select.POLLIN)
        self.look_for_cancel()
        while self.reap():
            self.act_on_time()
            for source, _ in poll.poll(self.patience()):
                if source == self.pipe:
                    if not self.pump():
                        poll.unregister(self.pipe)
                elif source == door:
                    self.listener.hand_on()
                else:
                    drain(source)
                    self.look_for_cancel()
        while self.pump():
            pass

    def pump(self):
        """Moves one chunk. False at the end, or, once nobody is left who could write, when there is no more."""
        try:
            data = os.read(self.pipe, CHUNK)
        except BlockingIOError:
            return False
        self.output.write(data)
        return bool(data)

    def reap(self):
        """Collects whoever has ended. False when nobody is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.pid:
                self.status = status
                self.timeout_at = None
                self.kill_within(LEFTOVER_GRACE_SECONDS)

    def look_for_cancel(self):
        if self.asked_to_end:
            self.end("lost", "its supervisor was asked to end", DEFAULT_GRACE_SECONDS)
        request = read_json("cancel")
        if request is not None:
            self.end("cancelled", None, request["graceMs"] / 1000)

    def end(self, reason, message, grace):
        """Asks all to end now, and makes them within `grace` seconds. Asked again, only ever makes that sooner."""
        if self.status is None and self.reason is None:
            self.reason, self.message, self.timeout_at = reason, message, None
            # Without a grace it is not let run on, which one that is stopped would at SIGCONT.
            if grace > 0:
                self.signal_all(signal.SIGTERM)
                self.signal_all(signal.SIGCONT)
        self.kill_within(grace)

    def kill_within(self, seconds):
        at = time.monotonic() + seconds
        self.kill_at = at if self.kill_at is None else min(self.kill_at, at)

    def act_on_time(self):
        now = time.monotonic()
        if self.timeout_at is not None and now >= self.timeout_at:
            self.end("timeout", "it ran longer than %g seconds" % self.timeout, DEFAULT_GRACE_SECONDS)
        if self.kill_at is not None and now >= self.kill_at:
            self.signal_all(signal.SIGKILL)
            # Whoever was being forked meanwhile is met by the next round.
            self.kill_at = now + 0.05

    def patience(self):
        """Milliseconds until there is something to do by the clock; None for never."""
        times = [at for at in (self.timeout_at, self.kill_at) if at is not None]
        return max(0, min(times) - time.monotonic()) * 1000 + 1 if times else None

    def signal_all(self, number):
        if self.status is None:
            send(os.killpg, self.pid, number)
        for pid in descendants():
            send(os.kill, pid, number)


def send(how, target, number):
    try:
        how(target, number)
    except OSError:
        pass  # gone already, or no longer ours to signal


def drain(source):
    try:
        while os.read(source, 4096):
            pass
    except BlockingIOError:
        pass


def listen_to_signals(on_terminate):
    """Makes signals readable: returns a file that can be polled."""
    readable, writable = os.pipe()
    os.set_blocking(readable, False)
    os.set_blocking(writable, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: on_terminate())
    signal.signal(signal.SIGINT, lambda *_: on_terminate())
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    return readable


def taken():
    """What all that has ended below took: Linux tells kibibytes, macOS bytes."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1024 if sys.platform.startswith("linux") else 1
    return {"cpuSeconds": usage.ru_utime + usage.ru_stime, "peakMemoryBytes": usage.ru_maxrss * unit}


def supervise(spec, env, control):
    """Runs the process to its end and returns the exit record."""
    waiting = {"supervision": None, "asked": False}

    def on_terminate():
        waiting["asked"] = True
        if waiting["supervision"] is not None:
            waiting["supervision"].asked_to_end = True

    wakeup = listen_to_signals(on_terminate)
    if read_json("cancel") is not None:
        return {"code": None, "signal": None, "reason": "cancelled", "message": "it was cancelled before it started"}
    limits = spec.get("limits") or {}
    output = Output(spec["outputFile"], limits.get("outputBytes", DEFAULT_OUTPUT_BYTES), limits.get("outputRolls", False))
    listener = Listener(spec["listen"]) if "listen" in spec else None
    pid, pipe, problem = start_process(spec, env, listener)
    if pid is None:
        return {"code": None, "signal": None, "reason": "not-executable", "message": problem}
    started = milliseconds()
    write_json("running", {"pid": pid, "startedAt": started})
    supervision = Supervision(pid, pipe, output, control, limits.get("timeoutSeconds"), listener)
    supervision.asked_to_end = waiting["asked"]
    waiting["supervision"] = supervision
    supervision.run(wakeup)
    status = supervision.status
    remarks = [remark for remark in (supervision.message, output.remark()) if remark]
    return {
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "signal": signal_name(os.WTERMSIG(status)) if os.WIFSIGNALED(status) else None,
        "reason": supervision.reason,
        "message": "; ".join(remarks) or None,
        "startedAt": started,
        "droppedBytes": output.dropped,
        "took": taken(),
    }


def main():
    os.chdir(sys.argv[1])
    os.umask(0o077)
    if os.getsid(0) != os.getpid():
        os.setsid()
    lock = os.open("lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise
        return acknowledge("taken")
    if os.path.exists("supervisor"):
        return acknowledge("used")
    hold_pipe("alive")
    control = hold_pipe("control")
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    write_json("supervisor", {"pid": os.getpid(), "ticks": started_at(), "machine": sys.argv[2]})
    acknowledge("supervised")
    try:
        spec, env = read_json("spec"), read_json("environment")
        # It may hold secrets, and nobody needs it any more.
        os.unlink("environment")
        record = supervise(spec, env, control)
    except (OSError, ValueError) as error:
        record = {"code": None, "signal": None, "reason": "not-executable", "message": str(error)}
    record["endedAt"] = milliseconds()
    write_json("exit", record, durable=True)


main()
