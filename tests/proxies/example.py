"""The proxy examples of docs/web.md, as they stand there, made to run without root on free ports."""

import pathlib
import re
import subprocess

DOCUMENT = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "web.md"
HOST = "review.example.org"
UPSTREAM = "127.0.0.1:8765"

# What a whole nginx needs around a server, and would otherwise take from folders of root.
NGINX = """daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{example}
}}
"""

# Certificates of its own, and nothing asked of the network.
CADDY = """{{
admin off
local_certs
skip_install_trust
auto_https disable_redirects
storage file_system {folder}
}}
{example}
"""


def block(language):
    """The only block of that language in the document."""
    [text] = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    return text


def replaced(text, old, new):
    """Fails when the document does not say it just once, since the test would then try something else."""
    if text.count(old) != 1:
        raise AssertionError(f"{old!r} stands {text.count(old)} times in an example of {DOCUMENT}")
    return text.replace(old, new)


def web_options():
    """What the document starts approvekit-web with, but for the database."""
    [line] = re.findall(r"^approvekit-web .*--public-origin.*$", DOCUMENT.read_text(), re.MULTILINE)
    return re.sub(r"^approvekit-web --db \S+ ", "", line).split()


def certify(folder):
    """A certificate that nobody trusts."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
                    "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, capture_output=True)


def nginx(folder, port, upstream):
    """The command that serves the document's example for nginx."""
    certify(folder)
    example = block("nginx")
    for old, new in (("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"), (UPSTREAM, upstream),
                     ("/etc/ssl/review.pem", str(folder / "cert.pem")), ("/etc/ssl/review.key", str(folder / "key.pem"))):
        example = replaced(example, old, new)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, example=example))
    return ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]


def caddy(folder, port, upstream):
    """The command that serves the document's example for Caddy."""
    example = replaced(block("caddyfile"), f"{HOST} {{", f"https://{HOST}:{port} {{")
    (folder / "Caddyfile").write_text(CADDY.format(folder=folder, example=replaced(example, UPSTREAM, upstream)))
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
