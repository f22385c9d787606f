"""The registered hooks and what the calls answer (bigbluebutton/bbb-webhooks, src/out/webhooks/api/responses.js)."""

import itertools
import threading
from xml.sax.saxutils import escape


class Hooks:
    """All hooks, until the process ends; any thread may call."""

    def __init__(self):
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._hooks = {}

    def create(self, parameters):
        url = parameters.get("callbackURL")
        if not url:
            return failure("missingParamCallbackURL", "You must specify a callbackURL in the parameters.")
        with self._lock:
            known = next((number for number, hook in self._hooks.items() if hook["callbackURL"] == url), None)
            if known is not None:
                message = "There is already a hook for this callback URL."
                return success(f"<hookID>{known}</hookID>{explanation('duplicateWarning', message)}")
            number = next(self._numbers)
            raw = str(parameters.get("getRaw", "").lower() == "true").lower()
            self._hooks[number] = {**parameters, "raw": raw}
        flags = f"<permanentHook>false</permanentHook><rawData>{raw}</rawData>"
        return success(f"<hookID>{number}</hookID>{flags}")

    def destroy(self, parameters):
        if not parameters.get("hookID"):
            return failure("missingParamHookID", "You must specify a hookID in the parameters.")
        number = int(parameters["hookID"]) if parameters["hookID"].isdigit() else 0
        with self._lock:
            if self._hooks.pop(number, None) is None:
                return failure("destroyMissingHook", "The hook informed was not found.")
        return success("<removed>true</removed>")

    def list(self, parameters):
        meeting = parameters.get("meetingID")
        with self._lock:
            shown = [each for each in self._hooks.items() if not meeting or each[1].get("meetingID") in (None, meeting)]
        return success(f"<hooks>{''.join(map(_hook, shown))}</hooks>")


def success(content):
    """The reply to a call that succeeded."""
    return f"<response><returncode>SUCCESS</returncode>{content}</response>"


def failure(key, message):
    """The reply to a call that failed."""
    return f"<response><returncode>FAILED</returncode>{explanation(key, message)}</response>"


def explanation(key, message):
    """Key and sentence."""
    return f"<messageKey>{key}</messageKey><message>{escape(message)}</message>"


def _hook(entry):
    number, hook = entry
    meeting = f"<meetingID><![CDATA[{hook['meetingID']}]]></meetingID>" if hook.get("meetingID") else ""
    return (
        f"<hook><hookID>{number}</hookID><callbackURL><![CDATA[{hook['callbackURL']}]]></callbackURL>{meeting}"
        f"<permanentHook>false</permanentHook><rawData>{hook['raw']}</rawData></hook>"
    )
