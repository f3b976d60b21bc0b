<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_THROTTLED: too many requests; retryAfter() tells the wait when the server named one. */
final class ThrottledException extends RefusedException
{
}
