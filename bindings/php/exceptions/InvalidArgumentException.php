<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_INVALID_ARGUMENT: an argument or option breaks a rule, or a closed client was used. */
final class InvalidArgumentException extends TestpressException
{
}
