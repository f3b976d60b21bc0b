<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_SERVER: the server failed (HTTP 5xx). */
final class ServerException extends ServerFaultException
{
}
