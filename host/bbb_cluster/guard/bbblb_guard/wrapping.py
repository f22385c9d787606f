# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a method or function of BBBLB's gets something around it."""

import functools
import inspect


def around(owner, name):
    """Puts the function that follows around one of a class or module, which it gets as its first argument."""

    def replace(wrapper):
        method = inspect.getattr_static(owner, name)
        original = getattr(method, "__func__", method)

        @functools.wraps(original)
        def replaced(*args, **options):
            return wrapper(original, *args, **options)

        setattr(owner, name, classmethod(replaced) if isinstance(method, classmethod) else replaced)

    return replace
