"""A backend: works on what Redis brings, which is not simulated; frontends ask whether it belongs to them."""

from bbb_common.service import Handler


class BackendHandler(Handler):
    """A request; `site` is what the backend was started with."""

    site = None

    def do_GET(self):
        self.answer(200, self.site.identity())
