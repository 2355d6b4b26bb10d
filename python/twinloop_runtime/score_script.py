"""A user's scoring script: `init()` once, then `run(body)` for each request, as Azure ML has it."""

import importlib.util
import os
import sys

from .answers import Answer, BadInput, json_answer


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

    def score(self, meta, body):
        """Hands the body to run() as text; a Flask-like response of its own is passed on as it is."""
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise BadInput("The body is not UTF-8 text: %s." % problem)
        result = self.run(text)
        if hasattr(result, "status_code") and hasattr(result, "get_data"):
            status = int(result.status_code)
            kind = getattr(result, "content_type", None) or "application/json"
            return Answer(status, bytes(result.get_data()), kind, failed=status >= 500)
        return json_answer(result)
