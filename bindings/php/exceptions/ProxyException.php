<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_PROXY: the proxy could not be used. */
final class ProxyException extends NetworkException
{
}
