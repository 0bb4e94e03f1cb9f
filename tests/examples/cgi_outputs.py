"""What scripts and programs say to the web server, and what it has to make of it."""

OUTPUTS = {
    "plain": (b"Content-Type: text/plain\r\n\r\nhello", 200, b"hello"),
    "lines": (b"Content-Type: text/plain\n\nhello", 200, b"hello"),
    "status": (b"Status: 201 Made\r\nX: y\r\n\r\nmade", 201, b"made"),
    "missing": (b"Status: 404\r\n\r\nnot here", 404, b"not here"),
    "elsewhere": (b"Location: /x\r\n\r\n", 302, b""),
    "moved": (b"Status: 301\r\nLocation: /x\r\n\r\n", 301, b""),
    "nothing": (b"Status: 204\r\nX: y\r\n\r\nignored", 204, b""),
    "reset": (b"Status: 205\r\nX: y\r\n\r\nignored", 205, b""),
    "ours": (b"Content-Length: 99\r\nConnection: close\r\nA: b\r\n\r\nshort", 200, b"short"),
    "large": (b"A: b\r\n\r\n" + b"x" * 200_000, 200, b"x" * 200_000),
    "no-end": (b"Content-Type: text/plain\r\n", 502, None),
    "empty": (b"", 502, None),
    "no-field": (b"nonsense\r\n\r\nhello", 502, None),
    "folded": (b"A: b\r\n c\r\n\r\nhello", 502, None),
    "return": (b"A: b\rc\r\n\r\nhello", 502, None),
    "long-head": (b"A: " + b"a" * 5000 + b"\r\n\r\nhello", 502, None),
    "no-status": (b"Status: fine\r\n\r\nhello", 502, None),
    "unknown-status": (b"Status: 299\r\n\r\nhello", 502, None),
    "early-status": (b"Status: 100\r\n\r\nhello", 502, None),
}


def seen(reply):
    """What must be the same; a body's end is told as it comes, whole or not."""
    fields = reply.fields.keys() - {"date", "content-length", "transfer-encoding"}
    return reply.status, {name: reply.fields[name] for name in fields}, reply.body


def check_output(name, replies):
    """All have made of an output what they should."""
    _, status, body = OUTPUTS[name]
    assert replies[0].status == status
    assert body in {None, replies[0].body}
    assert [seen(reply) for reply in replies] == [seen(replies[0])] * len(replies)
