"""The catalogue of faults: ways in which an API can be wrong, by class, for all operations that the features use.

It is based on facts about the API and on the features, not on the checks of the suite. `notes.toml` lists removed and
changed faults, with reasons.
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
