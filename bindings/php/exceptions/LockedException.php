<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_LOCKED: the account is locked after too many failed logins. */
final class LockedException extends RefusedException
{
}
