"""A mail server on loopback that keeps what it takes.

    python serve.py PORT FOLDER plain|starttls|tls [CERTIFICATE KEY]

With TLS it wants a login: signalman and signalman-test-password. To nobody@… it says 550, to later@…
451 as long as there is no file `open` in the folder.
"""

import asyncio
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

port, folder, mode = int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]


class Keep:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return f"550 5.1.1 <{address}>: no such user here"
        if address.startswith("later@") and not (folder / "open").exists():
            return "451 4.3.0 come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        number = len(list(folder.glob("*.eml")))
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": bool(session.ssl) or mode == "tls",
            "login": bool(session.authenticated),
        }
        (folder / f"{number}.json").write_text(json.dumps(told))
        half = folder / "half"
        half.write_bytes(envelope.original_content)
        half.rename(folder / f"{number}.eml")
        return "250 OK"


def login(server, session, envelope, mechanism, data):
    right = data.login == b"signalman" and data.password == b"signalman-test-password"
    # What is not handled is answered 535.
    return AuthResult(success=right, handled=False)


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(sys.argv[4], sys.argv[5])
    return made


def session():
    if mode == "plain":
        return SMTP(Keep(), hostname="mail.example", enable_SMTPUTF8=False)
    # It does not see the TLS that is around it from the first byte.
    starts = {"auth_require_tls": False}
    if mode == "starttls":
        starts = {"tls_context": context(), "require_starttls": True}
    return SMTP(Keep(), hostname="mail.example", authenticator=login, auth_required=True, **starts)


async def main():
    loop = asyncio.get_running_loop()
    wrapped = context() if mode == "tls" else None
    server = await loop.create_server(session, "127.0.0.1", port, ssl=wrapped)
    async with server:
        await server.serve_forever()


asyncio.run(main())
