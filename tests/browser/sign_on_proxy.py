"""A proxy that signs people in with its own cookie, and tells the server behind it who asks."""

import http.client
import http.server
import threading

SECRET = "the-secret-that-proxy-and-server-share"


class SignOnProxy:
    """Serves until close(). A browser with the cookie `who=NAME` is NAME. `address` is where browsers reach it."""

    def __init__(self):
        self.upstream = 0  # its port
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def log_message(self, *_):
                pass

            def pass_on(self):
                name = next((part[4:] for part in self.headers.get("Cookie", "").split("; ") if part.startswith("who=")), "")
                if not name or "Authorization" in self.headers:  # the server would take that for a wrong password
                    return self.send_error(401)
                headers = {key: value for key, value in self.headers.items()
                           if key.lower() not in ("remote-user", "approvekit-proxy-secret", "connection")}
                headers.update({"Remote-User": name, "ApproveKit-Proxy-Secret": SECRET})
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))) if self.command == "POST" else None
                upstream = http.client.HTTPConnection("127.0.0.1", owner.upstream, timeout=30)
                try:
                    upstream.request(self.command, self.path, body, headers)
                    self.answer(upstream.getresponse())
                except OSError:
                    self.close_connection = True  # the browser or the server has gone
                finally:
                    upstream.close()

            def answer(self, answer):
                self.send_response_only(answer.status)
                for key, value in answer.getheaders():
                    if key.lower() not in ("transfer-encoding", "connection", "keep-alive"):
                        self.send_header(key, value)
                self.end_headers()
                for part in iter(lambda: answer.read1(65536), b""):
                    self.wfile.write(part)

            do_GET = do_POST = pass_on

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
