"""The catalogue: ways in which an API can be wrong, for all operations that the features use; one line each, by class.

Based on what is known of the API and on what the features use, not on what the suite checks. `notes.toml` lists faults
that were removed or changed, with reasons.
"""

from tools.faults.catalogue import (
    answers,
    behaviour,
    beside,
    beside_sign_ins,
    meaning,
    protection,
    refusals,
    tolerances,
)
from tools.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *answers.FAULTS,
    *meaning.FAULTS,
    *tolerances.FAULTS,
    *protection.FAULTS,
    *refusals.FAULTS,
    *behaviour.FAULTS,
    *beside.FAULTS,
    *beside_sign_ins.FAULTS,
)
