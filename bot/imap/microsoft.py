"""Tokens for Microsoft 365, and what its refusals ask of the administrator."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import msal  # type: ignore[import-untyped]
import requests

from bot.imap.refused import Refused
from bot.imap.settings import MICROSOFT, Mailbox

_PATIENCE = 20.0  # seconds for each word with the token endpoint

GRANT = (
    "The administrator of Microsoft 365 must give the application the permission IMAP.AccessAsApp of "
    "Office 365 Exchange Online with admin consent, make it known with New-ServicePrincipal under the object "
    "id of the enterprise application (not of the app registration), and give it FullAccess to this mailbox "
    "with Add-MailboxPermission."
)

# Microsoft may change its codes: they choose the advice, and nothing else.
_ADVICE = {
    "AADSTS7000215": "client_secret must be the secret's value, not its id.",
    "AADSTS7000222": "The client secret has expired: make a new one.",
    "AADSTS700016": "client_id is not known in this tenant: it must be the Application (client) ID.",
    "AADSTS700024": "The clock of this machine is wrong.",
    "AADSTS700027": "certificate_file holds another certificate than the one uploaded to the application.",
    "AADSTS7000112": "The application is disabled in the tenant.",
    "AADSTS90002": "tenant is not known: it must be the Directory (tenant) ID or a domain of it.",
    "AADSTS900023": "tenant is not known: it must be the Directory (tenant) ID or a domain of it.",
    "AADSTS1002012": "scope must end in /.default.",
    "AADSTS70011": "scope must end in /.default.",
    "AADSTS500011": "scope names a service that the tenant does not have.",
    "AADSTS53003": "A conditional access policy of the tenant blocks the application.",
}


def token(told: Mailbox) -> str:
    """A new access token (OAuth 2.0 client credentials).

    Never one from before: what the administrator grants shows in new tokens only.

    Raises:
        Refused: no token is given; the sentence has Microsoft's code and what to do.
        OSError: the token endpoint is out of reach.
    """
    try:
        with requests.Session() as http:
            http.request = partial(http.request, timeout=_PATIENCE)  # type: ignore[method-assign]
            app = msal.ConfidentialClientApplication(
                told.client_id, client_credential=_credential(told), authority=told.authority_url,
                instance_discovery=None if told.authority_url.startswith(MICROSOFT) else False,
                http_client=http,
            )  # fmt: skip
            answer: dict[str, Any] = app.acquire_token_for_client(scopes=[told.scope])
    except ValueError:
        raise Refused(
            f"No token from {told.authority_url}: tenant, client_id or certificate_file is wrong."
        ) from None
    if "access_token" not in answer:
        raise Refused(_sentence(answer))
    return str(answer["access_token"])


def _credential(told: Mailbox) -> str | dict[str, str]:
    if told.certificate_file is None:
        return told.secret()
    pem = told.certificate_file.read_text("ascii")
    certificate = "\n".join(re.findall(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----", pem)[:1])
    key = re.search(r"-----BEGIN (?P<kind>[A-Z ]*PRIVATE KEY)-----[^-]+-----END (?P=kind)-----", pem)
    if not certificate or key is None:
        raise Refused("certificate_file must hold the certificate and its private key, both as PEM.")
    return {"private_key": key.group(), "public_certificate": certificate}


def _sentence(answer: dict[str, Any]) -> str:
    code = re.match(r"AADSTS\d+", str(answer.get("error_description", "")))
    said = code.group() if code else str(answer.get("error", "no reason given"))
    advice = _ADVICE.get(said, f"See {MICROSOFT}/error?code={said.removeprefix('AADSTS')}.")
    return f"Microsoft gives no token: {said}. {advice}"
