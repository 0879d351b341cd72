"""Drives shells at a pseudo-terminal, as a person does, and prints what each takes.

Every figure is the time from the last byte of a key to the bytes that answer it, as the far end of the terminal sees them.
The tools take turns, so that a busy minute of the machine meets all of them.
"""
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.request

KITH, PEOPLE = sys.argv[1], int(sys.argv[2])
COLUMNS, ROWS = 100, 40
FISH = "function fish_prompt; echo -n 'fish> '; end"


class Shell:
    """A program at a terminal of its own."""

    def __init__(self, words, prompt, environment):
        self.prompt = prompt
        began = time.perf_counter()
        self.pid, self.far = pty.fork()
        if self.pid == 0:
            os.execvpe(words[0], words, environment)
        fcntl.ioctl(self.far, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.wait_for(prompt)
        self.started = time.perf_counter() - began
        self.settle()

    def read(self, seconds):
        if not select.select([self.far], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.far, 65536)
        except OSError:
            return b""

    def wait_for(self, text, seconds=60):
        """The time until a text has come."""
        began = time.perf_counter()
        seen = b""
        while text not in seen:
            if time.perf_counter() - began > seconds:
                raise SystemExit(f"{self.prompt!r}: {text!r} did not come; there was {seen[-500:]!r}")
            more = self.read(0.2)
            # fish asks what the terminal is before it shows anything.
            if b"\x1b[c" in more or b"\x1b[0c" in more:
                os.write(self.far, b"\x1b[?62;c")
            seen += more
        return time.perf_counter() - began

    def settle(self, seconds=0.05):
        while self.read(seconds):
            pass

    def answer(self, keys, within=5.0, quiet=0.005):
        """The time from keys to the last bytes that answer them: until nothing has come for a while."""
        self.settle(0.01)
        began = time.perf_counter()
        os.write(self.far, keys)
        if not self.read(within):
            return None
        ended = time.perf_counter()
        while self.read(quiet):
            ended = time.perf_counter()
        return ended - began

    def answer_with(self, keys, text, seconds=60):
        self.settle(0.01)
        began = time.perf_counter()
        os.write(self.far, keys)
        self.wait_for(text, seconds)
        return time.perf_counter() - began

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.far)


def middle(values):
    return statistics.median(values) if values else None


def tail(values):
    return sorted(values)[int(len(values) * 0.95)] if values else None


def prepare(folder):
    """A home with a sync of so many people, read and previewed once."""
    people = os.path.join(folder, "people.csv")
    first = "Ada Bo Cy Dee Eli Fay Gus Hal Ida Jo Kit Lou Mia Ned Oda Pia Quin Roy Sue Tom".split()
    with open(people, "w") as file:
        file.write("id,first,last,email,title\n")
        for n in range(PEOPLE):
            name = first[n % len(first)]
            file.write(f"{n},{name},Person{n},{name.lower()}.person{n}@acme.example,Clerk {n % 97}\n")
    sandbox = subprocess.Popen(
        [KITH, "sandbox", "--companies", "3", "--people", "40"], stdout=subprocess.PIPE, text=True)
    text = ""
    while not text.rstrip().endswith("\n}"):
        text += sandbox.stdout.readline()
    world = json.loads(text)
    environment = {**os.environ, **world["environment"], "TERM": "xterm", "LC_ALL": "C.UTF-8",
                   "KITH_HOME": os.path.join(folder, "home"), "HOME": folder}
    environment.pop("NO_COLOR", None)
    connect = next(line for line in world["connect"] if line.startswith("connect connectwise"))
    script = f"""{connect}
load companies from cw
connect file as hr path={people} email=email id=id first-name=first last-name=last title=title tenant=none
add sync m365-contacts for acme from hr to cw
load people of acme
preview acme
"""
    began = time.perf_counter()
    done = subprocess.run([KITH], input=script, text=True, env=environment, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)
    print(f"{PEOPLE} people read and previewed in {time.perf_counter() - began:.1f} s", file=sys.stderr)
    return sandbox, world, environment


class Tool:
    def __init__(self, name, words, prompt, keys, tab, interrupts=True):
        self.name, self.words, self.prompt = name, words, prompt
        # What is typed letter by letter, what Tab is pressed behind, and whether Ctrl-C gives a new prompt.
        self.keys, self.tab, self.interrupts = keys, tab, interrupts
        self.start, self.key, self.list, self.interrupt = [], [], [], []


def measure(tool, environment):
    """One round: a start, a line typed letter by letter, Tabs, Ctrl-C."""
    shell = Shell(tool.words, tool.prompt, environment)
    tool.start.append(shell.started)
    for key in tool.keys:
        time.sleep(0.02)
        took = shell.answer(key.encode())
        if took is not None:
            tool.key.append(took)
    if tool.interrupts:
        tool.interrupt.append(shell.answer_with(b"\x03", tool.prompt))
    for text in tool.tab:
        shell.answer(b"\x15")
        for key in text:
            shell.answer(key.encode())
        time.sleep(0.02)
        took = shell.answer(b"\t", quiet=0.03)
        if took is not None:
            tool.list.append(took)
        shell.settle()
    shell.end()


def working(environment, world):
    """Ctrl-C while a vendor does not answer."""
    def fault(method, path, body=None):
        request = urllib.request.Request(world["control"] + path, method=method, data=body and body.encode())
        urllib.request.urlopen(request, timeout=10).read()

    took = []
    fault("POST", "/faults", '{"kind":"delay","system":"connectwise","delay-milliseconds":60000}')
    shell = Shell([KITH], "›".encode(), environment)
    for _ in range(10):
        os.write(shell.far, b"check cw\r")
        time.sleep(0.5)
        shell.settle(0.01)
        took.append(shell.answer_with(b"\x03", "›".encode()))
    shell.end()
    fault("DELETE", "/faults")
    return took


def shown(seconds, base):
    if seconds is None:
        return "-"
    ratio = f"  {seconds / base:5.2f}x" if base else ""
    return f"{seconds * 1000:7.2f}{ratio}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        sandbox, world, environment = prepare(folder)
        try:
            database = os.path.join(folder, "peer.sqlite")
            subprocess.run(["sqlite3", database], input="create table people(name);", text=True, check=True)
            kith_tabs = ["use ac", "why ada.", "show people where email is ada.person1", "show people where title is ",
                         "set upd", "sh"]
            tools = [
                Tool("kith", [KITH], "›".encode(), "show people where email is ada.person1", kith_tabs),
                Tool("sqlite3", ["sqlite3", database], b"sqlite> ", "select name from people where name", ["sel"],
                     interrupts=False),
                Tool("tclsh", ["tclsh"], b"% ", "puts [expr {1 + 2}]", [], interrupts=False),
                Tool("fish", ["fish", "--no-config", "-C", FISH], b"fish> ", "echo some words of a line", ["ech", "ls /us"]),
                Tool("python3", ["python3", "-q"], b">>> ", "print(sum(range(10)))", ["pri"]),
            ]
            for number in range(10):
                for tool in tools:
                    measure(tool, environment)
                print(f"round {number + 1} of 10", file=sys.stderr)
            interrupted = working(environment, world)
        finally:
            sandbox.kill()

    base = next(tool for tool in tools if tool.name == "sqlite3")
    columns = [
        ("start to prompt, median", lambda tool: middle(tool.start)),
        ("key to paint, median", lambda tool: middle(tool.key)),
        ("key to paint, 95 of 100", lambda tool: tail(tool.key)),
        ("Tab, 95 of 100", lambda tool: tail(tool.list)),
        ("Ctrl-C to prompt, median", lambda tool: middle(tool.interrupt)),
    ]
    print(f"\nmilliseconds, and the ratio to sqlite3's (tclsh: the terminal itself echoes, there is no editor)\n")
    print(f"{'':26}" + "".join(f"{tool.name:>18}" for tool in tools))
    for title, figure in columns:
        print(f"{title:26}" + "".join(f"{shown(figure(tool), figure(base)):>18}" for tool in tools))
    print(f"{'Ctrl-C while it works':26}{shown(middle(interrupted), None):>18}   median of {len(interrupted)}")


main()
