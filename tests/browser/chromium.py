"""The one Chromium of the whole suite."""

import shutil
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

# A page of this host is foreign to the server, although the name leads to this machine.
FOREIGN_HOST = "approvals.example"

SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--renderer-process-limit=3",
    "--window-size=1280,900",
    f"--host-resolver-rules=MAP {FOREIGN_HOST} 127.0.0.1",
]


def _found(*names):
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise FileNotFoundError(f"none of {', '.join(names)} is installed; tools/bootstrap tests installs them")


class Chromium:
    """Starts at once, and ends with close(). `driver` is Selenium's. Keeps only what is in `profile`, a folder."""

    def __init__(self, profile=None, preferences=None):
        self._profile = tempfile.TemporaryDirectory(prefix="approvekit-chromium-", ignore_cleanup_errors=True)
        options = Options()
        options.binary_location = _found("chromium", "chromium-browser", "google-chrome")
        for switch in [*SWITCHES, f"--user-data-dir={profile or self._profile.name}"]:
            options.add_argument(switch)
        options.add_experimental_option("prefs", preferences or {})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(_found("chromedriver")), options=options)
        self.driver.set_script_timeout(20)

    def close(self):
        self.driver.quit()
        self._profile.cleanup()

    def devtools(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def resize(self, width, height, touch=False, scale=1):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                      mobile=touch)

    def prefer(self, **features):
        """prefer(color_scheme="dark") sets the media feature prefers-color-scheme."""
        wanted = [{"name": f"prefers-{name.replace('_', '-')}", "value": value} for name, value in features.items()]
        self.devtools("Emulation.setEmulatedMedia", features=wanted)

    def console(self):
        """Returns what the pages complained about since the last call."""
        return [line["message"] for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]

    def forget(self):
        """Makes it a browser that has visited nothing yet."""
        self.devtools("Network.clearBrowserCookies")
        self.devtools("Storage.clearDataForOrigin", origin="*", storageTypes="all")
        self.devtools("Emulation.clearDeviceMetricsOverride")
        self.prefer()
        self.driver.get("about:blank")
        self.console()
