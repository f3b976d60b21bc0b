<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_DNS: the name of the host could not be resolved. */
final class DnsException extends NetworkException
{
}
