<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_TIMEOUT: the deadline passed; requestSent() tells whether the server may have seen the request. */
final class TimeoutException extends NetworkException
{
}
