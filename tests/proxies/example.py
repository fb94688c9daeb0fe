"""The proxy examples of docs/web.md, used as they are, but able to run without root on free ports."""

import pathlib
import re
import subprocess

DOCUMENT = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "web.md"
HOST = "review.example.org"
UPSTREAM = "127.0.0.1:8765"

# What a complete nginx needs around a server, and would otherwise take from root's folders.
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

# Its own certificates, and no access to the network.
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
    """Returns the only block of that language in the document."""
    [text] = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    return text


def replaced(text, old, new):
    """Fails if the document does not say it exactly once, since the test would then try something else."""
    if text.count(old) != 1:
        raise AssertionError(f"{old!r} stands {text.count(old)} times in an example of {DOCUMENT}")
    return text.replace(old, new)


def web_options():
    """Returns what the document starts approvekit-web with, except the database."""
    [line] = re.findall(r"^approvekit-web .*--public-origin.*$", DOCUMENT.read_text(), re.MULTILINE)
    return re.sub(r"^approvekit-web --db \S+ ", "", line).split()


def certify(folder):
    """Makes a certificate that nobody trusts."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
                    "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, capture_output=True)


def nginx(folder, port, upstream):
    """Returns the command that serves the document's example for nginx."""
    certify(folder)
    example = block("nginx")
    for old, new in (("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"), (UPSTREAM, upstream),
                     ("/etc/ssl/review.pem", str(folder / "cert.pem")), ("/etc/ssl/review.key", str(folder / "key.pem"))):
        example = replaced(example, old, new)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, example=example))
    return ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]


def caddy(folder, port, upstream):
    """Returns the command that serves the document's example for Caddy."""
    example = replaced(block("caddyfile"), f"{HOST} {{", f"https://{HOST}:{port} {{")
    (folder / "Caddyfile").write_text(CADDY.format(folder=folder, example=replaced(example, UPSTREAM, upstream)))
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


# Whom the proxies sign in, and the secret that they share with the server behind them.
USER, PASSWORD = "bob", "open sesame"
PROXY_SECRET = "0123456789abcdef" * 2


def plain_lines(word):
    """Returns the only block without a language that contains that word, with the secret filled in."""
    blocks = re.findall(r"^```text\n(.*?)^```$", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    [text] = [one for one in blocks if word in one]
    return replaced(text, '"..."', f'"{PROXY_SECRET}"')


def nginx_sign_on(folder, port, upstream):
    """The same, with the lines by which nginx says who asks."""
    command = nginx(folder, port, upstream)
    hashed = subprocess.run(["openssl", "passwd", "-apr1", PASSWORD], check=True, capture_output=True, text=True).stdout
    passwords = folder / "reviewers"
    passwords.write_text(f"{USER}:{hashed}")
    folder.chmod(0o711)  # its workers are another user if root starts it
    lines = replaced(plain_lines("auth_basic"), "/etc/nginx/reviewers", str(passwords))
    configuration = folder / "nginx.conf"
    place = 'proxy_set_header Connection "";'
    configuration.write_text(replaced(configuration.read_text(), place, f"{place}\n{lines}"))
    return command


def caddy_sign_on(folder, port, upstream):
    """The same for Caddy."""
    command = caddy(folder, port, upstream)
    hashed = subprocess.run(["caddy", "hash-password", "--plaintext", PASSWORD], check=True, capture_output=True, text=True).stdout
    configuration = folder / "Caddyfile"
    place = f"reverse_proxy @approvals {upstream}"
    signed_on = f"basicauth @approvals {{\n{USER} {hashed}}}\n{place} {{\n{plain_lines('header_up')}}}"
    configuration.write_text(replaced(configuration.read_text(), place, signed_on))
    return command
