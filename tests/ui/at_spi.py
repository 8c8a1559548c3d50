#!/usr/bin/env python3
"""at_spi.py PROGRAM: the window as a screen reader gets it, over AT-SPI, and used with the keyboard alone.

Starts PROGRAM (altiplano-offline) on an X server and a session bus of its own. Exits 77 where this machine
has not what that takes.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
WAIT_S = 30  # for anything that must come; a test that passes never waits that long


def start(program):
    """Runs this file again, with a display and a bus."""
    for tool in ("Xvfb", "dbus-run-session"):
        if not shutil.which(tool):
            print(f"at_spi: skipped, there is no {tool}")
            return SKIPPED
    ask = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    pythons = [python for python in (sys.executable, "/usr/bin/python3")
               if os.path.exists(python) and subprocess.run([python, "-c", ask], stderr=subprocess.DEVNULL).returncode == 0]
    if not pythons:
        print("at_spi: skipped, there is no Atspi for Python (Debian: gir1.2-atspi-2.0, python3-gi)")
        return SKIPPED
    with tempfile.TemporaryDirectory() as home:
        read, write = os.pipe()
        display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        try:
            number = os.read(read, 16).decode().strip()
            if not number:
                print("at_spi: skipped, Xvfb does not start")
                return SKIPPED
            environment = {key: value for key, value in os.environ.items() if not key.startswith("AT_SPI")}
            environment |= {
                "DISPLAY": ":" + number, "HOME": home, "XDG_RUNTIME_DIR": home, "XDG_DATA_HOME": home,
                "XDG_CONFIG_HOME": home, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
                "QT_QUICK_BACKEND": "software", "ALTIPLANO_REDUCED_MOTION": "1", "LC_ALL": "C.UTF-8"}
            environment.pop("WAYLAND_DISPLAY", None)
            os.chmod(home, 0o700)
            return subprocess.run(["dbus-run-session", "--", pythons[0], __file__, "--inside", program],
                                  env=environment, timeout=240).returncode
        finally:
            display.terminate()
            display.wait()


def run(program):
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib

    Atspi.init()
    loop = GLib.MainContext.default()
    failures = []

    def check(holds, sentence):
        if not holds:
            failures.append(sentence)
            print("FAIL", sentence, flush=True)

    def until(reached, what):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            while loop.iteration(False):
                pass
            try:
                found = reached()
            except GLib.Error:  # it went away while it was looked at
                found = None
            if found:
                return found
            if process.poll() is not None:
                raise AssertionError("the program ended")
            time.sleep(0.02)
        raise AssertionError("waited in vain for " + what)

    # --- What is there ------------------------------------------------------------------------------------
    def everything(top):
        yield top
        for i in range(top.get_child_count()):
            child = top.get_child_at_index(i)
            if child:
                yield from everything(child)

    def print_tree(top, depth=0):
        if not top or not has(top, Atspi.StateType.VISIBLE):
            return
        print("  " * depth + top.get_role_name(), repr(top.get_name()[:60]), repr(top.get_description()[:30]))
        for i in range(top.get_child_count()):
            print_tree(top.get_child_at_index(i), depth + 1)

    def has(item, state):
        return item.get_state_set().contains(state)

    def application():
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            found = desktop.get_child_at_index(i)
            if found and found.get_process_id() == process.pid and found.get_child_count() > 0:
                return found
        return None

    def shown(name=None, role=None):
        """The first visible one."""
        for item in everything(app):
            if ((name is None or item.get_name() == name) and (role is None or item.get_role_name() == role)
                    and has(item, Atspi.StateType.SHOWING)):
                return item
        return None

    def rows_of(messages, *names):
        """By their names, once these are there."""
        items = {item.get_name(): item for item in everything(messages)}
        return items if all(name in items for name in names) else None

    MEANINGLESS = ("unknown", "invalid", "filler", "redundant object", "")
    CONTROLS = ("push button", "button", "radio button", "check box", "menu item", "text", "entry", "combo box", "slider", "link")

    def examine(page):
        """Names, roles and what makes siblings different of all that is on the page."""
        controls = 0
        for item in everything(app):
            if not has(item, Atspi.StateType.SHOWING):
                continue
            name, role = item.get_name(), item.get_role_name()
            where = f"{page}: {role} \"{name}\" in \"{item.get_parent().get_name() if item.get_parent() else ''}\""
            if has(item, Atspi.StateType.FOCUSABLE) or role in CONTROLS:
                controls += 1
                check(name.strip(), where + " has no name")
                check(role not in MEANINGLESS, where + " has no role")
            names = [(child.get_role_name(), child.get_name()) for child in children(item) if acts(child)]
            for twin in {one for one in names if names.count(one) > 1}:
                check(False, f"{where}: more than one {twin[0]} \"{twin[1]}\"")
        return controls

    def children(item):
        return [child for child in (item.get_child_at_index(i) for i in range(item.get_child_count())) if child]

    def acts(item):
        return has(item, Atspi.StateType.SHOWING) and item.get_role_name() in CONTROLS

    # --- The keyboard -------------------------------------------------------------------------------------
    KEYCODES = {"ctrl": 37, "shift": 50, "alt": 64}
    KEYSYMS = {"Return": 0xff0d, "Tab": 0xff09, "Escape": 0xff1b, "Up": 0xff52, "Down": 0xff54, "F1": 0xffbe,
               "F10": 0xffc7, "Home": 0xff50, "End": 0xff57, "Menu": 0xff67, "space": 0x20}

    def press(key, *modifiers):
        for modifier in modifiers:
            Atspi.generate_keyboard_event(KEYCODES[modifier], None, Atspi.KeySynthType.PRESS)
        Atspi.generate_keyboard_event(KEYSYMS.get(key) or ord(key), None, Atspi.KeySynthType.SYM)
        for modifier in modifiers:
            Atspi.generate_keyboard_event(KEYCODES[modifier], None, Atspi.KeySynthType.RELEASE)

    def write(text):
        field = until(lambda: shown("Message", "text"), "the message field")
        for count, letter in enumerate(text, 1):
            press("space" if letter == " " else letter)
            until(lambda: Atspi.Text.get_character_count(field) == count, f"\"{text[:count]}\" in the field")

    # --- What is said -------------------------------------------------------------------------------------
    said, changes, focused = [], [], []

    def hear(event):
        source = event.source
        try:
            if event.type.startswith("object:state-changed:focused"):
                if event.detail1:
                    focused.append((source.get_role_name(), source.get_name(), source.get_description()))
            elif event.type.startswith("object:state-changed:showing"):
                if event.detail1 and source.get_role_name() == "notification":
                    said.append(source.get_name())
            else:
                changes.append((hash(source), source.get_role_name(), source.get_name()))
        except GLib.Error:
            pass  # what changed is gone

    def quiet(tokens):
        """No object changed as often as tokens, or frames with new ones, came."""
        counts = {}
        for who, role, name in changes:
            counts.setdefault(who, []).append(f"{role} \"{name}\"")
        most = max(counts.values(), key=len, default=[])
        check(len(most) < 16, f"while {tokens} tokens came, one object changed {len(most)} times: {most[:20]}")

    listener = Atspi.EventListener.new(hear)
    for kind in ("object:state-changed:focused", "object:state-changed:showing", "object:text-changed",
                 "object:property-change:accessible-name", "object:property-change:accessible-description",
                 "object:property-change:accessible-value"):
        listener.register(kind)

    process = subprocess.Popen([program])
    try:
        app = until(application, "the application")
        until(lambda: shown("SmolLM2-135M-Instruct is ready", "heading"), "the model")
        until(lambda: has(shown("Message", "text"), Atspi.StateType.FOCUSED), "the focus in the message field")
        check(examine("the empty page") >= 10, "the empty page has its controls")

        # Asking with the keyboard alone; start and end are said, nothing between.
        write("why")
        changes.clear()
        press("Return")
        until(lambda: "Answer finished" in said, "the end of the answer")
        check(said == ["Answering", "Answer finished"], f"start and end are said, each once: {said}")
        quiet(33)
        messages = until(lambda: shown("Conversation", "list"), "the conversation")
        items = until(lambda: rows_of(messages, "You, 1 of 2", "Answer, 2 of 2"), "question and answer")
        until(lambda: items["You, 1 of 2"].get_description() == "why", "the words of the question")
        until(lambda: items["Answer, 2 of 2"].get_description() == "Any text will do.", "the words of the answer")
        until(lambda: rows_of(messages, 'Code in python\nprint("so there is code, too")'), "code with its language")
        examine("a conversation")

        # A longer one: what is said and what changes does not grow with it.
        said.clear()
        write("more")
        changes.clear()
        press("Return")
        until(lambda: "Answer finished" in said, "the end of the long answer")
        check(said == ["Answering", "Answer finished"], f"start and end of the long one are said: {said}")
        quiet(328)

        # Reading it: the keyboard is at the message, at its next paragraph, and back in the field.
        focused.clear()
        press("j", "ctrl")
        until(lambda: any(one[1] == "Answer, 4 of 4" and one[2] for one in focused), "the focus on the answer")
        press("Down")
        until(lambda: focused and focused[-1][1] == "Second paragraph, which ends the answer.", "the next paragraph")
        press("Up", "ctrl")
        until(lambda: focused and focused[-1][1] == "You, 3 of 4", "the message before")
        press("l", "ctrl")
        until(lambda: has(shown("Message", "text"), Atspi.StateType.FOCUSED), "the field again")

        # Tab goes around and meets all that can have the focus.
        write("x")  # so that there is something to send
        focused.clear()
        for step in range(80):
            before = len(focused)
            press("Tab")
            until(lambda: len(focused) > before, f"a focus after Tab {step + 1}, after {focused[-1:]}")
            if focused[-1][:2] == ("text", "Message"):
                break
        check(focused[-1][:2] == ("text", "Message"), f"Tab comes back: {focused}")
        for role, name, _ in focused:
            check(name.strip() and role not in MEANINGLESS, f"Tab met a nameless {role}")
        met = {one[1] for one in focused}
        for item in everything(app):
            if (item.get_role_name() in ("push button", "button", "text", "entry") and has(item, Atspi.StateType.FOCUSABLE)
                    and has(item, Atspi.StateType.SHOWING) and has(item, Atspi.StateType.ENABLED)):
                check(item.get_name() in met, f"Tab does not meet {item.get_role_name()} \"{item.get_name()}\"")

        # A menu, the shortcuts and the performance view.
        press("m", "ctrl")
        until(lambda: shown(role="menu item"), "the models")
        examine("the models")
        press("Escape")
        until(lambda: not shown(role="menu item"), "the menu's end")
        press("F1")
        until(lambda: shown("Answer again: Ctrl+R", "list item"), "the shortcuts")
        examine("the shortcuts")
        press("Escape")
        until(lambda: not shown("Answer again: Ctrl+R", "list item"), "the end of the shortcuts")
        press("F10")
        until(lambda: shown("Close the performance view"), "the performance view")
        check(examine("the performance view") >= 15, "the performance view has its controls")
    except AssertionError as failure:
        check(False, str(failure))
        if process.poll() is None:
            print_tree(application())
    finally:
        process.terminate()
        process.wait()
    print("at_spi:", "failed" if failures else "passed")
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--inside":
        sys.exit(run(sys.argv[2]))
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(start(sys.argv[1]))
