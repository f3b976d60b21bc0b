<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_BAD_REQUEST: the server did not accept the request; fieldErrors() names the fields. */
final class BadRequestException extends RefusedException
{
}
