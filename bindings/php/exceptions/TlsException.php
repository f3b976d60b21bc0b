<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_TLS: no trusted connection: the certificate was refused, or the handshake failed. */
final class TlsException extends NetworkException
{
}
