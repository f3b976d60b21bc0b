<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_UNAUTHORIZED: the server did not accept the token. */
final class UnauthorizedException extends RefusedException
{
}
