"""Whether the DKIM signatures of a mail on stdin hold, by dkimpy, an
implementation that shares nothing with ours. The records of the DNS come as
arguments, NAME=RECORD each. Prints one line for each signature, the topmost
first: its kind, and yes or no."""

import sys

import dkim

records = dict(argument.split("=", 1) for argument in sys.argv[1:])


def dns(name, timeout=5):
    return records.get(name.decode().rstrip("."), "").encode()


message = sys.stdin.buffer.read()
count = sum(1 for name, _ in dkim.DKIM(message).headers if name.lower() == b"dkim-signature")
for at in range(count):
    verifier = dkim.DKIM(message)
    try:
        holds = verifier.verify(idx=at, dnsfunc=dns)
    except dkim.DKIMException:
        holds = False
    kind = verifier.signature_fields.get(b"a", b"unknown").decode()
    print(kind, "yes" if holds else "no")
