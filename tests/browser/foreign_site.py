"""A web server of somebody else, whose pages try to reach ours. Keeps everything that is sent to it."""

import http.server
import threading


class ForeignSite:
    """Serves `pages` (path -> HTML) on a free port of the loopback address until close(), each with `cookies` to set.

    `received` holds, for each request, its method, path, headers (a list of pairs) and body.
    """

    def __init__(self, pages, cookies=()):
        site = self
        self.received = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                site.received.append({"method": self.command, "path": self.path, "headers": self.headers.items(),
                                      "body": sent.decode(errors="replace")})
                body = pages.get(self.path, "").encode()
                self.send_response(200 if body else 404)
                for cookie in cookies:
                    self.send_header("Set-Cookie", cookie)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_OPTIONS = answer

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        self.port = self._server.server_address[1]
        self.address = f"http://127.0.0.1:{self.port}"

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
