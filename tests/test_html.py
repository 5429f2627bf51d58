"""`kvmtrace view --format html` in a real browser: headless Chromium, driven
by tests/html/browse.js. Nothing here needs KVM: the traces are those of
tests/golden, or made by hand."""
import copy
import json
import os
import re
import shutil
import subprocess

import pytest

from tracing import KVMTRACE, ROOT, run

FOLDER = ROOT / "tests/html"
GOLDEN = sorted(path.parent.name
                for path in (ROOT / "tests/golden").glob("*/trace.jsonl"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SELECTED = "[page.store.seq[page.event], page.step]"


def missing():
    if not CHROMIUM:
        return "chromium is not installed"
    if not shutil.which("node"):
        return "node is not installed"
    if not (FOLDER / "node_modules/playwright-core").is_dir():
        return "playwright-core is not installed: npm ci --prefix tests/html"
    return None


def golden(name):
    return ROOT / "tests/golden" / name / "trace.jsonl"


def events_of(trace):
    return [json.loads(line) for line in trace.read_text().splitlines()]


def write_trace(path, events):
    for seq, event in enumerate(events):
        event["seq"] = seq
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return path


def view(trace, page, *options, status=0):
    result = run(KVMTRACE, "view", "--format", "html", *options, "-o", page,
                 trace)
    assert result.status == status, result.stderr
    return page


@pytest.fixture
def page(tmp_path):
    """page(trace, *options) -> the page's path"""
    return lambda trace, *options, **more: view(
        trace, tmp_path / "page.html", *options, **more)


class Browser:
    def __init__(self):
        self.process = subprocess.Popen(
            ["node", FOLDER / "browse.js"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
            env={**os.environ, "CHROMIUM": CHROMIUM})

    def ask(self, task):
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the browser is gone"
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def browse():
    """What the steps read; the page complains of nothing and asks nobody."""
    if missing():
        pytest.skip(missing())
    chromium = Browser()

    def visit(file, *steps, hash="", **options):
        seen = chromium.ask({"file": str(file), "hash": hash,
                             "options": options, "steps": list(steps)})
        assert "failed" not in seen, seen["failed"]
        assert seen["complaints"] == []
        assert seen["requests"] == [f"file://{file}"]
        return seen["reads"]

    yield visit
    chromium.close()


def read(expression):
    return {"read": expression}


def press(*keys):
    return [{"press": key} for key in keys]


ALL_EVENTS = "Array.from({length: page.store.count}, " \
             "(_, i) => toJson(page.store.decodeEvent(i)))"


def test_the_page_has_every_event_whole(browse, page, tmp_path):
    """Those of all golden traces, one behind the other."""
    traces = [events_of(golden(name)) for name in GOLDEN]
    events = [traces[0][0], *(event for trace in traces
                              for event in trace[1:-1]), traces[0][-1]]
    events[-1]["events"] = len(events) - 1
    [found] = browse(page(write_trace(tmp_path / "all", events)),
                     read(ALL_EVENTS))
    assert len(found) > 1000
    assert [json.loads(event) for event in found] == events


def text_of(html):
    return re.sub(r"<[^>]*>", "", html)


def story_of(file):
    return text_of(re.search(r'<p class="story">(.*)', file.read_text())[1])


@pytest.mark.parametrize("name, words", [
    ("hv-long", ["./hv --long made 25 KVM calls, none of which failed",
                 "1 VM with 1 vCPU and 2 MiB of memory in long mode",
                 "whose guest left 15 times (14 \u00d7 KVM_EXIT_IO, "
                 "1 \u00d7 KVM_EXIT_HLT; the last was KVM_EXIT_HLT) and "
                 "printed 1 line, and exited with status 0."]),
    ("shutdown", ["the last was KVM_EXIT_SHUTDOWN"]),
    ("killed", ["was killed by SIGKILL"]),
    ("two-vms", ["2 VMs with 2 vCPUs"]),
])
def test_the_story(name, words, page):
    story = story_of(page(golden(name)))
    assert [part for part in words if part not in story] == []


def test_the_summary(browse, page):
    found = browse(page(golden("hv-long")), *map(read, [
        "document.querySelector('[aria-labelledby=exits-title]').innerText",
        "document.querySelector('[aria-labelledby=ports-title]').innerText",
        "document.querySelector('.console').innerText",
        "[...document.querySelectorAll('.walk .station b')]"
        ".map((one) => one.textContent)",
        "document.querySelector('[aria-labelledby=memory-title]').innerText",
    ]))
    assert re.search(r"KVM_EXIT_IO\s+14\s", found[0])
    assert re.search(r"out port 0xe9\s+debug console\s+14\s+14", found[1])
    assert found[2].strip() == "Hello, world!"
    assert found[3] == ["Guest virtual", "CR3", "PML4[0]", "PDPT[0]", "PD[0]",
                        "Guest physical", "In the program"] or \
        found[3][-1] == "Host physical"
    assert "0x1fffff" in found[4] and "2 MiB" in found[4]


def test_the_diagram_has_the_steps_of_the_event(browse, page):
    """Each step's text stands in its box, word for word."""
    flow = next(event for event in events_of(golden("hv-long"))
                if event.get("name") == "KVM_CREATE_VM")
    texts = "[...document.querySelectorAll('#diagram .step .words')].map(" \
            "(text) => [...text.children].map((line) => line.textContent)" \
            ".join(' '))"
    [found] = browse(page(golden("hv-long")), read(texts),
                     hash=f"#e{flow['seq']}")
    order = [1, 6, 2, 3, 5, 4]
    assert found == [flow["flow"][step - 1]["text"] for step in order]


def test_stepping(browse, page):
    keys = press(*["ArrowRight"] * 7)
    first = read(SELECTED)
    found = browse(page(golden("hv-long")), first, keys[0], first, *keys[1:6],
                   first, keys[6], first, *press("ArrowLeft"), first,
                   {"click": "#event-on"}, first, {"click": "#step-on"}, first,
                   {"click": "#step-back"}, first, {"click": "#event-back"},
                   first, read("document.getElementById('now').innerText"))
    assert found[:-1] == [[2, 0], [2, 1], [2, 6], [3, 0], [2, 6], [3, 0],
                          [3, 1], [3, 0], [2, 0]]
    assert "#2" in found[-1] and "KVM_GET_API_VERSION" in found[-1]


@pytest.mark.parametrize("errno, step, gone", [
    ("EBADF", 2, [3, 4, 5]), ("ENOTTY", 3, [4]), ("EINVAL", 4, [])])
def test_a_refusal_shows_where(browse, errno, step, gone, page, tmp_path):
    """Both as recorded and as made from the event (--flow none)."""
    events = events_of(golden("odd-calls"))
    failed = next(event for event in events
                  if event.get("errno") == errno and "flow" in event
                  and event["flow"][step - 1].get("refused"))
    bare = copy.deepcopy(events)
    del bare[failed["seq"]]["flow"]
    shown = [read("document.querySelector('#diagram .box.refused')"
                  ".textContent"),
             read("[...document.querySelectorAll('#diagram .step.missed')]"
                  ".map((one) => Number(one.querySelector('.number')"
                  ".textContent)).sort()"),
             read("document.querySelector('#diagram .hint')?.textContent")]
    for trace, has_texts in ((golden("odd-calls"), True),
                             (write_trace(tmp_path / "bare", bare), False)):
        box, missed, hint = browse(page(trace), *shown,
                                   hash=f"#e{failed['seq']}")
        assert f"refused at step {step}" in box
        assert missed == gone
        assert (hint is None) == has_texts
        assert has_texts or "not recorded (--flow none)" in hint


def test_filters_and_search(browse, page):
    rows = read("page.table.events.map((i) => page.store.seq[i])")
    events = events_of(golden("hv-long-hypercalls"))
    reset = {"click": "#filters button[type=reset]"}

    def wanted(test):
        return [event["seq"] for event in events if test(event)]

    found = browse(
        page(golden("hv-long-hypercalls")), rows,
        {"choose": ["#filter-kind", "run"]}, rows,
        reset, {"choose": ["#filter-name", "KVM_GET_REGS"]}, rows,
        reset, {"choose": ["#filter-exit", "KVM_EXIT_HLT"]}, rows,
        reset, {"choose": ["#filter-vcpu", "vm0/vcpu0"]}, rows,
        reset, {"fill": ["#filter-text", "#12"]}, rows,
        reset, {"fill": ["#filter-text", "HELLO 695"]}, rows,
        reset, {"fill": ["#filter-text", "no such text"]}, rows,
        read("document.querySelector('.rows').innerText"),
        reset, {"click": "#filter-errors"}, rows)
    assert found == [
        wanted(lambda event: True),
        wanted(lambda event: event.get("name") == "KVM_RUN"),
        wanted(lambda event: event.get("name") == "KVM_GET_REGS"),
        wanted(lambda event: event.get("exit", {}).get("reason") ==
               "KVM_EXIT_HLT"),
        wanted(lambda event: event.get("vcpu") == 0),
        [12],
        wanted(lambda event: event.get("text") == "Hello 695!"),
        [],
        "No event passes the filters.",
        wanted(lambda event: "errno" in event or any(
            note["severity"] != "info" for note in event.get("notes", []))),
    ]
    assert found[1] and found[2] and found[3] and found[6]


def test_repeats_fold(browse, page):
    counts = read("[page.table.events.length, page.table.rows.length]")
    row = read("document.querySelector('[aria-selected=true]').innerText")
    found = browse(page(golden("hv-long")), counts, row, *press("Enter"),
                   counts, *press("Enter"), counts,
                   {"click": "#filter-fold"}, counts, hash="#e14")
    assert found[0] == found[3] == [35, 23]
    assert "13\u00d7" in found[1] and '"ello, world!\\n"' in found[1]
    assert found[2] == found[4] == [35, 35]


def test_by_keyboard_alone(browse, page):
    selected = read(SELECTED)
    focus = read("document.activeElement.id")
    found = browse(
        page(golden("odd-calls")), *press("End"), selected, *press("Home"),
        selected, *press("j", "j", "k"), selected, *press("n"),
        read("page.store.trouble(page.event)"), *press("/"), focus,
        *press("o", "p", "e", "n"),
        read("document.getElementById('filter-text').value"),
        *press("Escape"), read("document.activeElement.className"),
        read("document.getElementById('filter-text').value"),
        *press("?"), read("document.getElementById('help').open"),
        *press("Escape"), read("document.getElementById('help').open"),
        *press("+"), read("page.timeline.to - page.timeline.from < "
                          "page.timeline.last - page.timeline.first"),
        *press("0"), read("page.timeline.to - page.timeline.from == "
                          "page.timeline.last - page.timeline.first"))
    assert found == [[80, 0], [0, 0], [1, 0], "error", "filter-text", "open",
                     "grid", "open", True, False, True, True]


def test_one_selection_for_all_views(browse, page):
    found = browse(
        page(golden("hv-long")), read(SELECTED), {"hash": "#e12"},
        read("[page.table.selected, page.timeline.selected, location.hash, "
             "document.querySelector('#detail h3').textContent]"),
        {"click": "#row-5"}, read("[page.event, page.timeline.selected, "
                                  "location.hash]"), hash="#e27")
    assert found[0] == [27, 0]
    assert found[1][:3] == [12, 12, "#e12"] and "KVM_RUN" in found[1][3]
    assert found[2] == [5, 5, "#e5"]


def test_the_timeline_has_honest_lanes(browse, page):
    [labels] = browse(page(golden("two-vms")),
                      read("page.timeline.lanes.map((lane) => lane.label)"))
    assert "kernel: other calls" in labels
    assert "vm0/vcpu0: in KVM_RUN (guest + kernel)" in labels
    assert "vm1/vcpu0: in KVM_RUN (guest + kernel)" in labels
    assert any(label.startswith("thread ") for label in labels)


def test_a_click_in_the_timeline_selects(browse, page):
    click = "(() => {const lane = page.timeline.lanes.findIndex((one) => " \
        "one.label.startsWith('vm0')); const at = page.timeline.xAt((page" \
        ".timeline.lanes[lane].starts[0] + page.timeline.lanes[lane].ends[0])" \
        " / 2); return page.timeline.findAt(at, AXIS + LANE * lane + 20);})()"
    [event] = browse(page(golden("hv-long")), read(click))
    assert event == 12


LOOKS = [{"width": width, "dark": dark}
         for width in (1400, 400) for dark in (False, True)]


@pytest.mark.parametrize("name", ["hv-long", "odd-calls"])
def test_nothing_serious_for_axe(name, browse, page):
    """Wide and narrow, light and dark; and nothing is wider than the window."""
    steps = [{"click": "#detail .json summary"}] + press("ArrowRight")
    for look in LOOKS:
        steps += [{"look": look}, {"axe": True}, read(
            "document.documentElement.scrollWidth - innerWidth")]
    found = browse(page(golden(name)), *steps)
    assert len(found) == 2 * len(LOOKS)
    for barriers, wider in zip(found[::2], found[1::2]):
        assert [one for one in barriers
                if one["impact"] in ("serious", "critical")] == []
        assert wider <= 0


def test_without_javascript_it_is_a_plain_table(browse, page):
    rows, words, link = browse(page(golden("hv-long")), *map(read, [
        "document.querySelectorAll('table.plain tbody tr').length",
        "document.querySelector('#e12').innerText",
        "document.querySelector('.console a').hash"]), script=False)
    assert rows == 35
    assert "KVM_EXIT_IO" in words and "vm0/vcpu0" in words
    assert link == "#e26"


TRICKS = "</script><script>alert(1)</script><!--<script> \x1b[31mred\x07 " \
         "\u202eevil\u2066 \u200bzero \u2028 & &lt; \"'><img src=x onerror=" \
         "alert(2)> \u00e9 \U0001f600"


def hostile_events():
    """Every place of an event has something that nobody expects there."""
    deep = "bottom"
    for _ in range(300):
        deep = [deep]
    base = {"type": "ioctl", "ts_ns": 5, "dur_ns": 2, "pid": 1, "tid": 1,
            "name": "KVM_RUN", "cmd": "0xae80", "fd": 5, "on": "vcpu",
            "vm": 0, "vcpu": 0, "arg": "0x0", "ret": 0}
    odd = [TRICKS, -1, 2**63 - 1, -2**63, 1.5, None, True, [], {}, [TRICKS],
           {TRICKS: TRICKS, "__proto__": {"polluted": 1}, "constructor": 1,
            "toString": 2, "": 3, "7": 4, "1": 5}, deep]
    keys = ["ts_ns", "dur_ns", "tid", "name", "on", "vm", "vcpu", "ret", "in",
            "out", "exit", "guest", "flow", "caller", "notes", "errno", "fd",
            "run_index", "__proto__", TRICKS]
    return [{**base, key: value} for key in keys for value in odd] + [
        {**base, "exit": {"reason": TRICKS, "code": 99, "io": value}}
        for value in odd] + [
        {**base, "guest": {"mode": "long", "why": value, "entry": value,
                           "memory": value, "page_tables": value,
                           "fault": value, "mapped": value}}
        for value in odd] + [
        {**base, "notes": [{"code": TRICKS, "severity": "error",
                            "text": TRICKS, "vendor": TRICKS,
                            "evidence": value}]} for value in odd] + [
        {**base, "flow": [value] * 6} for value in odd] + [
        {"type": "console", "ts_ns": 9, "pid": 1, "vm": 0, "vcpu": 0,
         "port": 233, "text": TRICKS, "from_seq": 0, "to_seq": 0},
        {"type": TRICKS, "ts_ns": 9}]


def hostile_trace(path):
    start = events_of(golden("hv-long"))[0]
    end = events_of(golden("hv-long"))[-1]
    start["argv"] = [TRICKS, "x" * 100000]
    start["host"] = {"kernel": TRICKS, "kvm": 7}
    events = [start, *hostile_events(), end]
    end["events"] = len(events) - 1
    return write_trace(path, events)


def test_hostile_text_stays_text(browse, page, tmp_path):
    trace = hostile_trace(tmp_path / "hostile")
    walk = "(() => {for (let i = 0; i < page.store.count; i++) {" \
           "page.select(i); document.querySelectorAll('#detail details')" \
           ".forEach((one) => {one.open = true;});} return true;})()"
    stray = "[document.querySelectorAll('img').length, " \
            "document.querySelectorAll('main script').length, " \
            "({}).polluted === undefined, " \
            "/[\\u001b\\u0007\\u202e\\u2066\\u200b]/.test(" \
            "document.body.innerText)]"
    found = browse(page(trace), read(ALL_EVENTS), read(walk),
                   {"fill": ["#filter-text", "evil"]},
                   read("page.table.events.length > 50"), read(stray),
                   read("document.querySelector('.console').innerText"))
    # JSON itself has no __proto__ trouble in Python.
    assert [json.loads(event) for event in found[0]] == events_of(trace)
    assert found[1] is True and found[2] is True
    assert found[3] == [0, 0, True, False]
    assert "</script><script>alert(1)</script>" in found[4]
    assert "\\u{1b}[31mred\\u{7}" in found[4] and "\\u{202e}evil" in found[4]
    assert "\u00e9 \U0001f600" in found[4]


def test_no_byte_of_a_trace_is_markup(page, tmp_path):
    """The same without a browser: the page has our scripts and no others."""
    clean = page(golden("hv-long")).read_text().count("<script")
    text = page(hostile_trace(tmp_path / "hostile")).read_text()
    assert text.count("<script") == clean
    assert text.count("</script") == clean
    assert "<img" not in text and "<!--" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", text)


def test_policy_and_self_containment(page):
    text = page(golden("hv-long")).read_text()
    assert "default-src 'none'" in text
    assert not re.search(r"(src|href)=\"(?!#)", text)
    assert "{{" not in text


def test_more_events_than_a_page_has(page):
    """A loud notice; the summary is still of all of them."""
    file = page(golden("hv-long"), "--max-events", "10")
    text = file.read_text()
    assert "This page is cut." in text and "first 10 events of 35" in text
    assert "--only LIST" in text
    assert "made 25 KVM calls" in story_of(file)


def test_a_cut_page_works(browse, page):
    found = browse(page(golden("hv-long"), "--max-events", "10"),
                   read("page.store.count"), *press("End"), read(SELECTED))
    assert found == [10, [9, 0]]


NOW = "document.querySelector('#now').innerText"
IN_SIGHT = "(({top, bottom}) => top >= 0 && bottom <= innerHeight)(" \
           "document.querySelector('#now').getBoundingClientRect())"


def test_links_beyond_the_cut_say_so(browse, page):
    """Links of the summary, and addresses that were typed."""
    file = page(golden("hv-long"), "--max-events", "10")
    words = "Event #26 is not in this page, which is cut: it ends with event #9."
    found = browse(file, {"click": "a[href='#e26']"}, read(NOW),
                   read(SELECTED), read(IN_SIGHT), {"hash": "#e3"}, read(NOW),
                   {"click": "a[href='#e26']"}, read(NOW))
    assert found[:3] == [words, [2, 0], True]
    assert found[3].startswith("Event #3 ") and found[4] == words
    found = browse(file, read(NOW), read(SELECTED), hash="#e999999")
    assert found[0] == words.replace("26", "999999") and found[1] == [2, 0]


def test_an_address_of_no_event(browse, page):
    found = browse(page(golden("hv-long")), read(NOW), {"hash": "#e999"},
                   read(NOW), *press("ArrowDown"), read(NOW), hash="#e35")
    assert found[0] == "Event #35 is not in this page."
    assert found[1] == "Event #999 is not in this page."
    assert found[2].startswith("Event #3 ")


def test_nothing_is_drawn_over_the_lanes_labels(browse, page):
    """Not the selection, wherever it is; beside a label it is seen."""
    pixels = "(() => {const copy = document.createElement('canvas')" \
             ".getContext('2d', {willReadFrequently: true}); copy.canvas" \
             ".width = 1000; copy.drawImage(page.timeline.canvas, 0, 0);" \
             "return copy.getImageData(%s, AXIS, %s, 11).data.join();})()"
    first, last = ([read(pixels % (0, 30)), read(pixels % (0, 1000))]
                   for _ in range(2))
    found = browse(page(golden("hv-long")), *press("Home", "j"), *first,
                   *press("End"), *last)
    assert found[0] == found[2] and found[1] != found[3]


def test_many_ports_wrap(browse, page, tmp_path):
    """Their card is no tower beside two short ones."""
    *events, end = events_of(golden("hv-long"))
    write = next(event for event in events
                 if event.get("exit", {}).get("reason") == "KVM_EXIT_IO")
    for port in range(40):
        events.append(copy.deepcopy(write))
        events[-1]["exit"]["io"].update(port=0x1000 + port, port_name="")
    end["events"] = len(events)
    height = "document.querySelector('.cards').offsetHeight"
    wider = "document.documentElement.scrollWidth - innerWidth"
    found = browse(page(write_trace(tmp_path / "ports", [*events, end])),
                   read("document.querySelectorAll('[data-filter^=text]')"
                        ".length"), read(height), read(wider),
                   {"look": {"width": 400, "dark": False}}, read(wider))
    assert found[0] == 40 and found[1] < 1200
    assert found[2] <= 0 and found[3] <= 0


def test_an_incomplete_trace(page, tmp_path):
    trace = write_trace(tmp_path / "short", events_of(golden("hv-long"))[:20])
    assert "The trace is" in page(trace, status=2).read_text()


def test_next_to_no_events(browse, page, tmp_path):
    trace = write_trace(tmp_path / "one", events_of(golden("hv-long"))[:1])
    found = browse(page(trace, status=2), read("page.store.count"),
                   *press("ArrowRight", "ArrowDown", "End", "n", "Enter"),
                   read("document.title"))
    assert found == [1, "./hv --long - kvmtrace"]


def test_many_events_scroll(browse, page, tmp_path):
    """As many as a page has; only the rows in sight are elements."""
    run_line = next(event for event in events_of(golden("hv-long"))
                    if event.get("exit", {}).get("reason") == "KVM_EXIT_IO"
                    and "guest" not in event)
    trace = tmp_path / "many"
    events = events_of(golden("hv-long"))
    with trace.open("w") as file:
        for seq in range(100_001):
            line = events[0] if seq == 0 else run_line
            line["seq"] = seq
            line["ts_ns"] = seq * 1000
            line["fd"] = 5 + seq // 2 % 2
            file.write(json.dumps(line) + "\n")
    file = page(trace, status=2)
    assert file.stat().st_size < 40 << 20
    found = browse(file, read("[page.store.count, page.table.rows.length]"),
                   *press("End"), read(SELECTED),
                   read("document.querySelectorAll('.row').length < 100"),
                   read("document.querySelector('[aria-selected=true]')"
                        ".innerText.includes('99999')"))
    assert found[0][0] == 100_000 and found[0][1] > 40_000
    assert found[1][0] in (99_998, 99_999) and found[2]
