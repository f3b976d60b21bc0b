<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_CONNECT: no address of the host accepted a connection. */
final class ConnectException extends NetworkException
{
}
