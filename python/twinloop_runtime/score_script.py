"""A user's scoring script: `init()` once, then `run(…)` for each request, as Azure ML has it."""

import importlib
import importlib.util
import inspect
import os
import sys

from .answers import Answer, BadInput, json_answer
from .json_text import parse, text_of
from .model_input import kind_of, quoted

#: Modules of Azure's packages that a script takes @rawhttp from; each says whether it was used.
RAW_HTTP = ("azureml_inference_server_http.api.aml_request", "azureml.contrib.services.aml_request")


class ScoreScript:
    """Loads `script` (a path below `source`) and runs its init(). Whatever that raises is the caller's to report."""

    def __init__(self, source, script):
        path = os.path.join(source, script)
        if not os.path.isfile(path):
            raise FileNotFoundError("The code has no scoring script %s." % script)
        os.chdir(source)
        for folder in {os.path.abspath(source), os.path.dirname(os.path.abspath(path))}:
            sys.path.insert(0, folder)
        name = os.path.splitext(os.path.basename(path))[0]
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        for wanted in ("init", "run"):
            if not callable(getattr(module, wanted, None)):
                raise AttributeError("The scoring script %s has no function %s()." % (script, wanted))
        module.init()
        self.run = module.run
        parameters = [p for p in inspect.signature(module.run).parameters.values() if p.name != "request_headers"]
        if not parameters:
            raise TypeError("run() of the scoring script %s takes no argument for the request." % script)
        self.takes_headers = "request_headers" in inspect.signature(module.run).parameters
        self.arguments = arguments_of(module.run, parameters)

    def score(self, meta, body):
        """Hands the body to run(), in the way that its decorators ask for; a Flask-like response is passed on as it is."""
        headers = meta.get("headers") or {}
        arguments = self.arguments(body, headers)
        if self.takes_headers:
            arguments["request_headers"] = headers
        try:
            result = self.run(**arguments)
        except (TypeError, ValueError, KeyError) as problem:
            if in_conversion(problem):
                raise BadInput("The body does not fit run()'s input schema: %s." % problem)
            raise
        if hasattr(result, "status_code") and hasattr(result, "get_data"):
            status = int(result.status_code)
            kind = getattr(result, "content_type", None) or "application/json"
            return Answer(status, bytes(result.get_data()), kind, failed=status >= 500)
        if meta.get("route") == "infer":
            from .open_inference import inference

            request = parse(text_of(body))
            if isinstance(result, dict) and isinstance(result.get("outputs"), list):
                return json_answer(dict(inference({}, {"id": request.get("id")}, meta, []), **result))
            return json_answer(inference(result, request, meta, []))
        return json_answer(result)


def arguments_of(run, parameters):
    """How a request becomes run()'s arguments: its text, its JSON by name (@input_schema), or all of it (@rawhttp)."""
    first = parameters[0].name
    if any(getattr(sys.modules.get(name), "_rawHttpRequested", False) for name in RAW_HTTP):
        return lambda body, headers: {first: flask_request(body, headers)}
    if "inference_schema" in sys.modules:
        schemas = importlib.import_module("inference_schema.schema_util")
        if schemas.is_schema_decorated(run):
            return lambda body, _: by_name(parse(text_of(body)), parameters)
    return lambda body, _: {first: text_of(body)}


def by_name(body, parameters):
    """The parameters' values in a JSON object; what run() has no parameter for is left out."""
    if not isinstance(body, dict):
        raise BadInput("The body should be a JSON object with %s; it is a %s." % (quoted(p.name for p in parameters), kind_of(body)))
    missing = [p.name for p in parameters if p.name not in body and p.default is p.empty]
    if missing:
        raise BadInput("The body has no %s, which run() needs; it has %s." % (quoted(missing), quoted(body) or "nothing"))
    return {p.name: body[p.name] for p in parameters if p.name in body}


def flask_request(body, headers):
    """The request as Flask has it, for a script that asked for it by @rawhttp: its environment has Flask."""
    from flask import Request
    from werkzeug.test import EnvironBuilder

    return Request(EnvironBuilder(path="/score", method="POST", data=body, headers=list(headers.items())).get_environ())


def in_conversion(problem):
    """Whether it was raised while inference-schema made the arguments, before run() itself began."""
    trace, names = problem.__traceback__, []
    while trace is not None:
        names.append(trace.tb_frame.f_globals.get("__name__", ""))
        trace = trace.tb_next
    ours = [i for i, name in enumerate(names) if name.split(".")[0] == "inference_schema"]
    if not ours:
        return False
    after = names[ours[-1] + 1 :]
    return not any(is_script(name) for name in after)


def is_script(name):
    """A module of the user's, beside the scoring script."""
    file = getattr(sys.modules.get(name), "__file__", None) or ""
    return os.path.abspath(file).startswith(os.getcwd() + os.sep)
