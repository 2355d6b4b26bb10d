"""Frames between the scoring gateway and an instance (the other end is src/serving/gateway/instances/frames.ts).

A frame is two unsigned 32-bit big-endian lengths, a JSON object of the first length and bytes of the second. On one
connection requests and responses take turns. A frame of two zero lengths, from the instance, says goodbye: it will
answer what has arrived, and the gateway should send nothing more and close.
"""

import json
import struct

LENGTHS = struct.Struct(">II")
GOODBYE = LENGTHS.pack(0, 0)


def read_frame(stream):
    """The next (meta, body), or None where the peer has closed between frames."""
    head = stream.read(LENGTHS.size)
    if len(head) < LENGTHS.size:
        return None
    meta_length, body_length = LENGTHS.unpack(head)
    meta = stream.read(meta_length)
    body = stream.read(body_length)
    if len(meta) < meta_length or len(body) < body_length:
        return None
    return json.loads(meta), body


def frame(meta, body):
    """The bytes of one frame."""
    head = json.dumps(meta).encode()
    return LENGTHS.pack(len(head), len(body)) + head + body
