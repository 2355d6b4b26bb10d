"""The caller's trace context (W3C traceparent), where the model's code uses OpenTelemetry."""

import contextlib
import sys


@contextlib.contextmanager
def tracing(meta):
    """What the model does meanwhile belongs to the caller's trace. Does nothing where OpenTelemetry has not been imported."""
    context = sys.modules.get("opentelemetry.context")
    if context is None or not meta.get("traceparent"):
        yield
        return
    from opentelemetry.propagate import extract

    token = context.attach(extract({k: meta[k] for k in ("traceparent", "tracestate") if meta.get(k)}))
    try:
        yield
    finally:
        context.detach(token)
