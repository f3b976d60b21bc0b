<?php

declare(strict_types=1);

namespace Testpress;

/** The server, or what stands in its place, is ill. */
class ServerFaultException extends TestpressException
{
}
