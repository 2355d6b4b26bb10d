"""Frames between the scoring gateway and an instance (the other end is src/serving/gateway/instances/frames.ts).

A frame is two unsigned 32-bit big-endian lengths, a JSON object of the first length and bytes of the second. On one
connection requests and responses take turns. A frame of two zero lengths, from the instance, says goodbye: it will
answer what has arrived, and the gateway should send nothing more and close.
"""

import json
import struct

LENGTHS = struct.Struct(">II")
GOODBYE = LENGTHS.pack(0, 0)


class Frames:
    """Puts together the frames of a stream that comes in pieces."""

    def __init__(self):
        self.pieces = []
        self.held = 0
        self.wanted = LENGTHS.size

    def take(self, piece):
        """The frames, as (meta, body), that are whole with this piece."""
        self.pieces.append(piece)
        self.held += len(piece)
        while self.held >= self.wanted:
            data = b"".join(self.pieces) if len(self.pieces) > 1 else self.pieces[0]
            meta_length, body_length = LENGTHS.unpack_from(data)
            begin = LENGTHS.size + meta_length
            end = begin + body_length
            if self.held < end:
                self.pieces, self.wanted = [data], end
                return
            yield json.loads(data[LENGTHS.size : begin]), data[begin:end]
            rest = data[end:]
            self.pieces, self.held, self.wanted = [rest], len(rest), LENGTHS.size


def frame(meta, body):
    """The bytes of one frame."""
    head = json.dumps(meta).encode()
    return LENGTHS.pack(len(head), len(body)) + head + body
