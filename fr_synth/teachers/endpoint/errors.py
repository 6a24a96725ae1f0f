"""What ends a run that asks an endpoint, and what ends one request.

::

    FunReasonError
    ├── EndpointError            no request can succeed: key, model, address, an endpoint that has gone away
    │   └── BudgetError          what the run may spend is spent
    └── TeacherError             one request has no answer
        └── RejectedError        the endpoint does not take it in this form; another one may pass
"""

from __future__ import annotations

from fr_envs.errors import FunReasonError, TeacherError

__all__ = ["BudgetError", "EndpointError", "RejectedError"]


class EndpointError(FunReasonError):
    """No request to the endpoint can succeed, so the run ends; the message says what to fix.

    No ``TeacherError``: whoever drops what a teacher could not answer must not drop the rest of the run with it.
    """


class BudgetError(EndpointError):
    """The tokens or dollars that the run may spend are spent; what is there is kept."""


class RejectedError(TeacherError):
    """The endpoint does not take a request as it is; another form of it may pass."""
