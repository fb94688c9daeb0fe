"""The review page as a person uses it."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from waiting import wait_until


class Card:
    """One request on the page: its row in the list and, opened when it is needed, all of it beside the list."""

    def __init__(self, page, row):
        self.page = page
        self.row = row

    @property
    def line(self):
        return self.row.find_element(By.CSS_SELECTOR, ".line")

    @property
    def element(self):
        """Returns what is open beside the list, after making sure that it is this request."""
        return self.page.run("""
            const line = arguments[0];
            if (document.querySelector("#queue").hidden) document.querySelector("#view-queue").click();
            const find = () => document.getElementById(line.dataset.card);
            if (!find() || find().hidden) {
              line.click();
              delete find().appearedAt;
            }
            return find();""", self.line)

    def part(self, name):
        return self.element.find_element(By.CSS_SELECTOR, f'[data-slot="{name}"]')

    def text(self, name):
        return self.part(name).text

    def of_row(self, name):
        """Returns what the row shows of it."""
        return self.row.find_element(By.CSS_SELECTOR, f".row-{name}").get_property("textContent")

    @property
    def state(self):
        return self.row.get_attribute("data-state").replace("fault", "pending")

    @property
    def is_open(self):
        return self.line.get_attribute("aria-current") == "true"

    @property
    def outcome(self):
        return self.text("outcome-text") if self.state == "ended" else ""

    def write(self, note):
        self.part("note").send_keys(note)

    def note(self):
        return self.part("note").get_property("value")

    def press(self, verdict):
        wait_until(lambda: self.page.has_settled(self), "the card to be there long enough to be pressed")
        self.part(verdict).click()

    def pick(self):
        self.row.find_element(By.CSS_SELECTOR, "input").click()

    def wait_for_outcome(self, beginning):
        wait_until(lambda: self.outcome.startswith(beginning), f"the card to say {beginning!r}")
        return self.outcome

    def box(self, name):
        return self.page.box(self.part(name))


class Page:
    """Opens the server's link and waits until the page is connected."""

    def __init__(self, chromium, server, connection="live"):
        self.chromium = chromium
        self.driver = chromium.driver
        self.driver.get(server.link)
        self.wait_for_connection(connection)

    def wait_for_connection(self, state):
        wait_until(lambda: self.connection() == state, f"the connection to be {state}")

    def connection(self):
        return self.driver.execute_script("return document.body?.dataset.connection")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def path(self):
        return self.run("return location.pathname + location.search")

    def box(self, element):
        return self.run(
            "const {x, y, width, height} = arguments[0].getBoundingClientRect(); return [x, y, width, height];", element)

    def cards(self):
        """Returns them in the order of the list."""
        return [Card(self, row) for row in self.find_all(".row")]

    def tools(self):
        """Returns the names in the list, in its order."""
        return self.run("return [...document.querySelectorAll('.row:not([hidden]) .row-tool')].map(one => one.textContent)")

    def wait_for_cards(self, count):
        wait_until(lambda: len(self.find_all(".row")) == count, f"{count} cards")
        return self.cards()

    def wait_for_card(self, tool):
        """Returns the last card of that tool."""
        row = wait_until(lambda: self.run("""
            return [...document.querySelectorAll(".row:not([hidden])")]
              .filter((row) => row.querySelector(".row-tool").textContent === arguments[0]).at(-1);""", tool),
            f"a card for {tool}")
        return Card(self, row)

    def keys(self, *keys):
        """Types them wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def has_settled(self, card, what="appeared"):
        """Whether a press counts now: none does in the first moments of a card, or after `what` happened to it."""
        return self.run("""
            const age = performance.now() - (arguments[0][`${arguments[1]}At`] ??= performance.now());
            return age > 450;""", card.element, what)

    def settle(self):
        """Waits until a press counts for the open request. None counts in its first moments, or just after a press
        opened all of it."""
        self.run("window.settling = {}")
        wait_until(lambda: self.run("""
            const id = document.querySelector(".card:not([hidden])")?.id;
            if (!id || settling.id !== id) window.settling = { id, since: performance.now() };
            return performance.now() - settling.since > 450;"""), "the open request to be there long enough to be pressed")

    def settle_group(self):
        """Waits until a press counts for the requests that are shown together."""
        self.run("window.groupSince = performance.now()")
        wait_until(lambda: self.run("return performance.now() - groupSince > 450;"),
                   "the group to be there long enough to be pressed")

    def announced(self):
        """Returns what a screen reader was told last."""
        return self.find("#announcer").get_property("textContent")

    def stop_listening(self):
        """From now on the page can send, but learns nothing of what others do."""
        self.run("""
            const send = window.fetch;
            window.fetch = (path, options) =>
              options.method === "GET" ? new Promise(() => {}) : send(path, options);""")

    def module(self, name, body):
        """Runs `body` in the page, with the page's own module of that name as `module`."""
        return self.driver.execute_async_script(
            f"const done = arguments[0]; import('/{name}').then(async (module) => {{ {body} }})"
            ".then(done, (error) => done(`failed: ${error}`));")

    def show_record(self):
        self.show("record", "#trail")

    def show(self, view, part):
        """Opens a view of the past, and waits until its part of the page is loaded."""
        tab = self.find(f".views a[href$='/{view}']")
        if tab.get_attribute("aria-current") is None:
            tab.click()
        wait_until(lambda: self.find_all(f"{part}:not([hidden])"), f"the {view}")

    def entries(self):
        self.show_record()
        return self.find_all(".entry")

    def wait_for_entry(self, *words):
        def first():
            return next((entry for entry in self.entries() if all(word in entry.text for word in words)), None)
        return wait_until(first, f"an audit entry with {words}")
