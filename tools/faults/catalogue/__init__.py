"""The catalogue: ways in which an API can be wrong, over all operations that the features use, a line and a class each.

Written from what is known of the API and from what the features use, not from what the suite checks. A fault that is
removed or changed later is listed with its reason in `notes.toml`.
"""

from tools.faults.catalogue import answers, behaviour, meaning, protection
from tools.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (*answers.FAULTS, *meaning.FAULTS, *protection.FAULTS, *behaviour.FAULTS)
