<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_NOT_FOUND: no such page: check the institute and api_version. */
final class NotFoundException extends RefusedException
{
}
