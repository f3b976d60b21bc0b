<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_TOO_MANY_DEVICES: the user is logged in on too many devices. */
final class TooManyDevicesException extends RefusedException
{
}
