"""The wire's own words, and where a secret of the same letters is left alone."""

import re
from collections.abc import Collection

from oneentry_scenarios.redaction.placeholders import recognise

#: Of eight letters and more, because only so long a value is looked for everywhere. A shop's words are learned.
WORDS = frozenset(
    re.findall(
        r"\S+",
        """
    accept-encoding accessToken accessTokenTtlSec accounts allowGiftStacking allowStacking application/json
    attributeSetIdentifier authData authorization authProviderIdentifier automaticTaxEnabled bonusApplied cancelUrl
    clientSecret completed connection content-type contentType createdDate currency deleteNoneActiveUsersAfterDays
    deviceInfo discountConfig discountPrice encoding fingerprint formData formIdentifier fulfillmentStatusIdentifier
    fulfillmentStatusLocalizeInfos generalTypeId identifier isActive isCancelFinal isCheckCode isCompleted isDefault
    isFinalSuccess isMapped isPartial isVisible langCode localizeInfos location logout-all maxDiscountValue
    moduleFormConfigs notificationData oauthAuthUrl order-statuses orderDiscounts orderPreview orders-storage password
    paymentAccountId paymentAccountIdentifier paymentAccountIdentifiers paymentAccountLocalizeInfos payments
    paymentStatusIdentifier paymentStatusLocalizeInfos paymentStrategy paymentUrl position previewImage
    productDiscounts productId products quantity refreshToken refreshTokenTtlMc response retry-after schemaVersion
    sessions settings statusCode statusIdentifier statusLocalizeInfos statusText storageId successUrl systemCodeLength
    systemCodeOnlyNumbers systemCodeTlsSec testMode testSettings totalDue totalSum totalSumRaw totalSumWithDiscount
    updatedDate user-agent userAgent userGroupIdentifier userIdentifier users-auth-providers www-authenticate
    x-app-token x-device-metadata
    """,
    )
)
#: Fields whose value is a name, not data.
NAMING = re.compile(r"(marker|(?<!user)identifier|content-type)$", re.IGNORECASE)
_NO_NAME, _LONGEST_NAME = re.compile(r"[^\w-]"), 64
_VALUE_BEFORE = re.compile(r"""(?:\A|["'`=]|%3[dD])\Z""")
_MARKER_BEFORE = re.compile(r"""(?i)(?:marker|(?<!user)identifier)\\*["']\s{0,9}:\s{0,9}\\*["']\Z""")
_VALUE_AFTER = re.compile(r"""(?!\\*["']\s*:)(?:\Z|[\\"'`&#%])""")


def stays(text: str, start: int, end: int, words: Collection[str]) -> bool:
    """Whether a known value in `text` is, or is in, one of `words` as a name, or a placeholder.

    In a sentence or a path such a word cannot be told from a secret of the same letters. So it stays there, and is a
    secret only as a whole value: of JSON, of a query, of a header, in quotes.
    """
    before, after = text[max(0, start - _LONGEST_NAME) : start], text[end : end + _LONGEST_NAME]
    name = f"{_NO_NAME.split(before)[-1]}{text[start:end]}{_NO_NAME.split(after)[0]}"
    if name not in words:
        return recognise(name) is not None
    is_value = len(name) == end - start and _VALUE_BEFORE.search(before) and _VALUE_AFTER.match(after)
    return not is_value or _MARKER_BEFORE.search(before) is not None
