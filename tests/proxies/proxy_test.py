"""Page, sign-in, decision and events through each proxy, configured as docs/web.md says."""

import http.client
import json
import time
import unittest

import example
from proxied_server import TOKEN, ProxiedServer, SignOnServer, basic

BEARER = f"Bearer {TOKEN}"
SECRET = "ab" * 32


class ProxyTest(unittest.TestCase):
    """What both proxies must forward. Set by run: binaries."""

    binaries = None
    proxy = None

    def setUp(self):
        self.server = ProxiedServer(self.binaries, type(self).proxy)
        self.addCleanup(self.server.close)

    def events(self, **headers):
        """Opens the stream. Returns it as lines."""
        connection = self.server.connect()
        self.addCleanup(connection.close)
        given = {"Authorization": BEARER, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request("GET", "/approvals/api/events", headers=given)
        stream = connection.getresponse()
        self.assertEqual(stream.status, 200)
        return stream

    def next_event(self, stream):
        """Returns its fields, by their names; comments are skipped."""
        fields = {}
        for line in iter(lambda: stream.readline().decode(), ""):
            name, _, value = line.rstrip("\n").partition(": ")
            if value:
                fields[name] = value
            if line == "\n" and fields:
                return fields
        raise AssertionError("the stream ended")

    def wait_for_request(self, stream, request):
        """Waits until the stream names it. A write of another program may also come as a change that names nothing."""
        while json.loads(self.next_event(stream)["data"])["request_id"] not in (request, None):
            pass


class Checks:
    def test_the_page_and_all_that_it_names_come_from_under_the_path(self):
        status, headers, page = self.server.ask("GET", "/approvals/")
        self.assertEqual(status, 200)
        self.assertIn("require-trusted-types-for 'script'", headers["Content-Security-Policy"])
        names = [part.split('"')[0] for start in ('href="/', 'src="/') for part in page.split(start)[1:]]
        self.assertGreater(len(names), 5)
        for name in names:
            self.assertTrue(name.startswith("approvals/"), name)
            self.assertEqual(self.server.ask("GET", f"/{name}")[0], 200)

    def test_the_path_without_its_slash_leads_to_the_page(self):
        status, headers, _ = self.server.ask("GET", "/approvals")
        self.assertIn(status, (301, 308))
        self.assertIn(headers["Location"], ("/approvals/", f"{self.server.origin}/approvals/"))

    def test_G10_a_browser_signs_in_by_the_printed_link_and_decides(self):
        link = self.server.web["link"]
        self.assertTrue(link.startswith(f"{self.server.origin}/approvals/#sign-in="), link)
        page = {"Origin": self.server.origin, "Sec_Fetch_Site": "same-origin"}
        key = {"link": link.split("=")[1], "secret": SECRET}
        self.assertEqual(self.server.ask("POST", "/approvals/api/session", key, **page)[0], 200)
        request = self.server.record.plant_request("send_email")
        address = f"/approvals/api/requests/{request}/approve"
        signed_in = {"Authorization": f"Bearer {SECRET}"}
        for origin in (f"http://{example.HOST}:{self.server.port}", f"https://{example.HOST}", "https://evil.example"):
            self.assertEqual(self.server.ask("POST", address, {}, Origin=origin, **signed_in)[0], 403, origin)
        self.assertEqual(self.server.record.status(request), "pending")
        self.assertEqual(self.server.ask("POST", address, {"notes": "fine"}, **page, **signed_in)[0], 200)
        self.assertEqual(self.server.record.status(request), "approved")

    def test_G10_another_host_is_not_served_and_nothing_beside_the_path(self):
        listing = "/approvals/api/requests"
        self.assertIn('"requests"', self.server.ask("GET", listing, Authorization=BEARER)[2])
        self.assertNotIn('"requests"', self.server.ask("GET", listing, Authorization=BEARER, Host="evil.example")[2])
        for path in ("/", "/api/requests", "/approvals2/api/requests", "/approvals/../api/requests"):
            self.assertNotIn('"requests"', self.server.ask("GET", path, Authorization=BEARER)[2], path)

    def test_events_come_at_once_and_not_when_a_buffer_is_full(self):
        stream = self.events()
        self.assertEqual(self.next_event(stream)["event"], "hello")
        for number in range(3):
            request = self.server.record.plant_request(f"tool_{number}")
            start = time.monotonic()
            self.wait_for_request(stream, request)
            self.assertLess(time.monotonic() - start, 5)

    def test_a_stream_that_broke_off_is_taken_up_where_it_was_left(self):
        stream = self.events()
        place = self.next_event(stream)["id"]
        stream.close()
        request = self.server.record.plant_request("meanwhile")
        again = self.events(Last_Event_ID=place)
        self.assertEqual(json.loads(self.next_event(again)["data"])["resumed"], True)
        self.wait_for_request(again, request)
        foreign = self.events(Last_Event_ID="0123456789abcdef-1")
        self.assertEqual([self.next_event(foreign)["event"] for _ in range(2)], ["hello", "reset"])


class Nginx(Checks, ProxyTest):
    proxy = example.nginx


class Caddy(Checks, ProxyTest):
    proxy = example.caddy


class SignOnChecks:
    """What both must tell about who asks, configured as docs/web.md says."""

    def setUp(self):
        self.server = SignOnServer(ProxyTest.binaries, type(self).proxy)
        self.addCleanup(self.server.close)

    def approve(self, request, **headers):
        return self.server.ask("POST", f"/approvals/api/requests/{request}/approve", {}, **headers)[0]

    def test_H194_whom_the_proxy_signs_in_decides_whatever_name_the_client_sends(self):
        request = self.server.record.plant_request("send_email")
        forged = {"Remote_User": "ada", "ApproveKit_Proxy_Secret": "x"}
        status, _, text = self.server.ask("GET", "/approvals/api/session", **forged)
        self.assertEqual((status, json.loads(text)["reviewer"]), (200, example.USER))
        self.assertEqual(self.approve(request), 403)
        self.assertEqual(self.approve(request, Origin="https://evil.example"), 403)
        self.assertEqual(self.server.record.status(request), "pending")
        self.assertEqual(self.approve(request, Origin=self.server.origin, **forged), 200)
        [row] = self.server.record._read("SELECT reviewer FROM approvekit_decisions WHERE request_id = ?", (request,))
        self.assertEqual(row["reviewer"], example.USER)

    def test_H194_whom_the_proxy_does_not_sign_in_and_who_passes_it_by_get_nothing(self):
        forged = {"Remote_User": example.USER}
        wrong = basic(example.USER, "guess")
        self.assertEqual(self.server.ask("GET", "/approvals/api/session", Authorization=wrong, **forged)[0], 401)
        direct = http.client.HTTPConnection(self.server.web["address"].split("/")[2], timeout=60)
        self.addCleanup(direct.close)
        direct.request("GET", "/approvals/api/session", headers={"Remote-User": example.USER})
        self.assertEqual(direct.getresponse().status, 401)


class NginxSignOn(SignOnChecks, unittest.TestCase):
    proxy = example.nginx_sign_on


class CaddySignOn(SignOnChecks, unittest.TestCase):
    proxy = example.caddy_sign_on
