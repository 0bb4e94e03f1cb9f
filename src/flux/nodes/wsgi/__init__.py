"""Applications of WSGI (PEP 3333), such as those of Flask and Django, as a node.

It needs httptools: `pip install 'flux-servers[http]'`.
"""

from flux.nodes.wsgi.gateway import Application, Exchange, Gateway
from flux.nodes.wsgi.head import ApplicationError

__all__ = ["Application", "ApplicationError", "Exchange", "Gateway"]
