<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_FORBIDDEN: the user may not do this. */
final class ForbiddenException extends RefusedException
{
}
