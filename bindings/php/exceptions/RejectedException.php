<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_REJECTED: wrong name or password, or an inactive user. */
final class RejectedException extends RefusedException
{
}
