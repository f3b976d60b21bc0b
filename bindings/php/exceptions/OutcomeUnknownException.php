<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_OUTCOME_UNKNOWN: the connection was lost after the request was sent and before its answer came. */
final class OutcomeUnknownException extends NetworkException
{
}
