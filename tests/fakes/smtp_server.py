"""A mail server with a minimal SMTP: greeting, STARTTLS or TLS from the start, AUTH, several e-mails per connection."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import trustme


@dataclass(frozen=True)
class Delivery:
    """One received e-mail."""

    user: str
    encrypted: bool
    sender: str
    recipients: tuple[str, ...]
    data: bytes


@dataclass
class SmtpServer:
    """What a test sees of the server."""

    port: int
    authority: trustme.CA
    refusing: bool = False
    deliveries: list[Delivery] = field(default_factory=list)


@contextmanager
def smtp_server(*, implicit_tls: bool) -> Iterator[SmtpServer]:
    """Serve while the block lasts.

    Args:
        implicit_tls: TLS from the first byte (smtps), instead of STARTTLS.
    """
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)

    class Talk(socketserver.StreamRequestHandler):
        timeout = 30

        def handle(self) -> None:
            self.encrypted, self.user = False, ""
            if implicit_tls:
                self.encrypt()
            self.say("220 localhost")
            self.begin()
            while line := self.rfile.readline().decode().strip():
                if not self.answer(line):
                    return

        def begin(self) -> None:
            self.sender, self.recipients = "", list[str]()

        def answer(self, line: str) -> bool:
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO":
                    offers = ["AUTH PLAIN"] if self.encrypted else ["STARTTLS"]
                    self.say("250-localhost", *(f"250 {offer}" for offer in offers))
                case "STARTTLS":
                    self.say("220 go ahead")
                    self.encrypt()
                case "AUTH":
                    _, self.user, password = base64.b64decode(rest.split()[1]).decode().split("\0")
                    self.say("235 welcome" if password == "p@ss word" else "535 wrong")
                case "MAIL":
                    self.sender = rest
                    self.say("451 not now" if server.refusing else "250 ok")
                case "RCPT":
                    self.recipients.append(rest.split("<")[1].split(">")[0])
                    self.say("250 ok")
                case "DATA":
                    self.say("354 go on")
                    lines = list(iter(self.rfile.readline, b".\r\n"))
                    server.deliveries.append(
                        Delivery(self.user, self.encrypted, self.sender, tuple(self.recipients), b"".join(lines))
                    )
                    self.begin()
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 bye")
                    return False
                case _:
                    self.say("250 ok")
            return True

        def say(self, *lines: str) -> None:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

        def encrypt(self) -> None:
            self.request = context.wrap_socket(self.request, server_side=True)
            self.setup()
            self.encrypted = True

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that does not trust us hangs up: the test expects that."""

    with Server(("127.0.0.1", 0), Talk) as sockets:
        server = SmtpServer(sockets.server_address[1], authority)
        thread = threading.Thread(target=sockets.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        sockets.shutdown()
        thread.join()
