"""Bytes of a request as the JSON that they say."""

import json

from .answers import BadInput


def text_of(body):
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadInput("The body is not UTF-8 text: %s." % problem)


def parse(text):
    """The value; BadInput with line and column of what is no JSON, and what stands there."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        at = text[problem.pos : problem.pos + 20].strip()
        near = ", at %r" % at if at else ", at its end"
        raise BadInput("The body is not JSON: %s%s." % (problem, near))
    except RecursionError:
        raise BadInput("The body is nested too deeply.")
