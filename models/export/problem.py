# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The one error this package shows to people."""


class ExportProblem(Exception):
    """Why an export cannot be done, in one line that says what to try."""
